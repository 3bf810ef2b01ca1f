import { KicError } from '@kic/core'
import * as tf from '@tensorflow/tfjs'
import type { DType } from '../contract.ts'
import type { Value } from './graph.ts'
import { GraphBuilder } from './graph-builder.ts'

/** The name under which the recorder stands in TensorFlow.js's registry. */
export const RECORDER = 'kic-recorder'

type HostData = Float32Array | Int32Array | Uint8Array

interface KnownConstant {
  readonly data: HostData
  readonly dtype: DType
  readonly shape: readonly number[]
}

/**
 * A TensorFlow.js backend that computes nothing: its tensors stand for values of a graph, and every kernel adds nodes.
 */
export class RecordingBackend extends tf.KernelBackend {
  private builder: GraphBuilder | undefined
  private values = new WeakMap<object, Value>()
  /** Constants outlive a recording: TensorFlow.js moves a tensor that user code holds here, and may move it back. */
  private readonly constants = new WeakMap<object, KnownConstant>()

  /** Runs `body` with a fresh graph. Recordings do not nest. */
  withBuilder<T>(body: (builder: GraphBuilder) => T): T {
    if (this.builder !== undefined) {
      throw new KicError(
        'engine/nested-recording',
        'record: a recording is already under way; recordings do not nest',
      )
    }
    this.builder = new GraphBuilder()
    this.values = new WeakMap()
    try {
      return body(this.builder)
    } finally {
      this.builder = undefined
    }
  }

  get graph(): GraphBuilder {
    if (this.builder === undefined) {
      throw new KicError(
        'engine/not-recording',
        `A TensorFlow.js operation ran on the "${RECORDER}" backend outside of a recording. ` +
          'Set another backend with tf.setBackend before computing eagerly.',
      )
    }
    return this.builder
  }

  /** The graph value behind a tensor; a constant is added to the graph when first used. */
  valueFor(info: { readonly dataId: object }): Value {
    const known = this.values.get(info.dataId)
    if (known !== undefined) return known
    const constant = this.constants.get(info.dataId)
    if (constant === undefined) {
      throw new KicError(
        'engine/foreign-tensor',
        'record: a tensor of an earlier recording was used. Pass it as a feed or compute it inside the function.',
      )
    }
    const value = this.graph.constant(constant.data, constant.dtype, constant.shape)
    this.values.set(info.dataId, value)
    return value
  }

  /** A tensor description for a graph value, as kernels return it. */
  tensorInfo(value: Value): tf.TensorInfo {
    const dataId = {}
    this.values.set(dataId, value)
    const { dtype } = value
    if (dtype !== 'float32' && dtype !== 'int32' && dtype !== 'bool') {
      throw new KicError(
        'engine/internal',
        `record: a ${dtype} value cannot be a tensor of TensorFlow.js; cast it`,
      )
    }
    return { dataId, shape: [...value.shape], dtype }
  }

  private hold(dataId: object, values: tf.BackendValues, shape: number[], dtype: tf.DataType): void {
    this.constants.set(dataId, { ...hostData(values, dtype), shape })
  }

  override write(values: tf.BackendValues, shape: number[], dtype: tf.DataType): tf.DataId {
    const dataId = {}
    this.hold(dataId, values, shape, dtype)
    return dataId
  }

  override move(dataId: tf.DataId, values: tf.BackendValues, shape: number[], dtype: tf.DataType): void {
    this.hold(dataId, values, shape, dtype)
  }

  override readSync(dataId: object): tf.BackendValues {
    const constant = this.constants.get(dataId)
    if (constant === undefined) {
      throw new KicError(
        'engine/read-while-recording',
        "record: a tensor's values were read (dataSync, arraySync, data, print or a shape that depends on data) while " +
          'the function was being recorded. No values exist yet: keep the computation in tensor operations, or return ' +
          'the tensor and read it from the result.',
      )
    }
    return constant.data
  }

  override async read(dataId: object): Promise<tf.BackendValues> {
    return this.readSync(dataId)
  }

  // Graph values live as long as their recording, so TensorFlow.js's reference counts have nothing to do here.
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

const hostData = (values: tf.BackendValues, dtype: tf.DataType): Omit<KnownConstant, 'shape'> => {
  if (Array.isArray(values) || dtype === 'string' || dtype === 'complex64') {
    throw new KicError(
      'engine/dtype',
      `record: a constant of type ${dtype} cannot be recorded; use numbers or booleans`,
    )
  }
  switch (dtype) {
    case 'int32':
      return { dtype, data: Int32Array.from(values) }
    case 'bool':
      return { dtype, data: Uint8Array.from(values) }
    default:
      return { dtype: 'float32', data: Float32Array.from(values) }
  }
}
