import { KicError } from '@kic/core'
import type { DType } from '@kic/safetensors'
import * as tf from '@tensorflow/tfjs'
import type { EngineErrorCode } from '../error-code.ts'
import { callingLine } from './calling-line.ts'
import { refuseDrawn } from './frozen-values.ts'
import type { Value } from './graph.ts'
import { GraphBuilder } from './graph-builder.ts'

/** The recorder's name in TensorFlow.js's registry. */
export const RECORDER = 'kic-recorder'

type HostData = Float32Array | Int32Array | Uint8Array

interface Elements {
  readonly data: HostData
  readonly dtype: DType
}

/**
 * A TensorFlow.js backend that computes nothing: its tensors represent values of a graph, and every kernel adds nodes.
 */
export class RecordingBackend extends tf.KernelBackend {
  #builder: GraphBuilder | undefined
  #values = new WeakMap<object, Value>()
  /** All tensors that have ever represented a value of a graph, including finished graphs. */
  readonly #symbols = new WeakSet<object>()
  /** Tensors that user code made from numbers while recording. It may keep them, and TensorFlow.js may move them. */
  readonly #constants = new WeakMap<object, Elements>()

  /** Runs `body` with a fresh graph. Recordings do not nest. */
  withBuilder<T>(body: (builder: GraphBuilder) => T): T {
    if (this.#builder !== undefined) {
      throw new KicError<EngineErrorCode>(
        'engine/nested-recording',
        'record: recordings must not nest, received a second one. Finish the first one before.',
      )
    }
    this.#builder = new GraphBuilder()
    this.#values = new WeakMap()
    try {
      return body(this.#builder)
    } finally {
      this.#builder = undefined
    }
  }

  get graph(): GraphBuilder {
    if (this.#builder === undefined) {
      throw new KicError<EngineErrorCode>(
        'engine/not-recording',
        `record: the backend "${RECORDER}" must be used only by recordings, received an operation outside of one. ` +
          'Set another backend with tf.setBackend before computing eagerly.',
      )
    }
    return this.#builder
  }

  /** The graph value of a tensor. A tensor from outside is copied into the graph as a constant. */
  valueFor(info: tf.TensorInfo): Value {
    const known = this.#values.get(info.dataId) ?? this.#addConstant(info)
    // On other backends, tensors of several shapes and types may share their elements.
    return this.graph.cast(this.graph.reshape(known, info.shape), graphType(info.dtype))
  }

  #addConstant({ dataId, shape, dtype }: tf.TensorInfo): Value {
    if (this.#symbols.has(dataId)) {
      throw new KicError<EngineErrorCode>(
        'engine/foreign-tensor',
        'record: tensors must come from this recording or have values, received a tensor of an earlier recording. ' +
          'Pass it as a feed or compute it inside the function.',
      )
    }
    const own = this.#constants.get(dataId)
    const { data, dtype: held } = own ?? elements(tf.engine().readSync(dataId), dtype)
    const value = this.graph.constant(data, held, shape)
    this.#values.set(dataId, value)
    return value
  }

  /** The tensor description of a graph value, as kernels return it. */
  tensorInfo(value: Value): tf.TensorInfo {
    const dataId = {}
    this.#values.set(dataId, value)
    this.#symbols.add(dataId)
    const { dtype } = value
    if (dtype !== 'float32' && dtype !== 'int32' && dtype !== 'bool') {
      throw new KicError<EngineErrorCode>(
        'engine/internal',
        `record: a tensor must be float32, int32 or bool, received a value of type ${dtype}. Cast it.`,
      )
    }
    return { dataId, shape: [...value.shape], dtype }
  }

  override write(values: tf.BackendValues, _shape: number[], dtype: tf.DataType): tf.DataId {
    refuseDrawn()
    const dataId = {}
    this.#constants.set(dataId, elements(values, dtype))
    return dataId
  }

  override move(dataId: tf.DataId, values: tf.BackendValues, _shape: number[], dtype: tf.DataType): void {
    this.#constants.set(dataId, elements(values, dtype))
  }

  override readSync(dataId: object): tf.BackendValues {
    const constant = this.#constants.get(dataId)
    if (constant === undefined) {
      const line = callingLine(new Error('read'))
      throw this.#builder === undefined
        ? new KicError<EngineErrorCode>(
            'engine/foreign-tensor',
            `record: a tensor must have values to be read, received one of a finished recording (at ${line}). Return it ` +
              'from the tensor function and read it from the result.',
          )
        : new KicError<EngineErrorCode>(
            'engine/read-while-recording',
            `record: a function must not read values while it is recorded, received a read (at ${line}: dataSync, arraySync, ` +
              'data, print or a shape that depends on data). Keep the computation in tensor operations, or return the ' +
              'tensor and read it from the result.',
          )
    }
    return constant.data
  }

  override async read(dataId: object): Promise<tf.BackendValues> {
    return this.readSync(dataId)
  }

  // Graph values live as long as their recording, so TensorFlow.js's reference counts have no effect here.
  override disposeData(): boolean {
    return true
  }
  override incRef(): void {}
  decRef(): void {}
  override refCount(): number {
    return 1
  }
  override numDataIds(): number {
    return 0
  }
  override memory(): { unreliable: boolean } {
    return { unreliable: true }
  }
  override floatPrecision(): 16 | 32 {
    return 32
  }
  override epsilon(): number {
    return 1e-7
  }
  override timerAvailable(): boolean {
    return false
  }
  override dispose(): void {}
}

const refused = (dtype: tf.DataType): KicError =>
  new KicError<EngineErrorCode>(
    'engine/dtype',
    `record: a recorded tensor must hold numbers or booleans, received the type ${dtype}. Convert it before.`,
  )

const graphType = (dtype: tf.DataType): DType => {
  if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return dtype
  throw refused(dtype)
}

/** A copy of a tensor's elements: user code may change its array later. */
const elements = (values: tf.BackendValues, dtype: tf.DataType): Elements => {
  if (Array.isArray(values)) throw refused('string')
  switch (graphType(dtype)) {
    case 'int32':
      return { dtype: 'int32', data: Int32Array.from(values) }
    case 'bool':
      return { dtype: 'bool', data: Uint8Array.from(values) }
    case 'float32':
      return { dtype: 'float32', data: Float32Array.from(values) }
  }
}
