import { isKicError, KicError } from '@kic/core'
import type { DType } from '@kic/safetensors'
import * as tf from '@tensorflow/tfjs'
import type { Tensors } from '../contract.ts'
import type { EngineErrorCode } from '../error-code.ts'
import { refusedOperation, STACK_DEPTH } from '../refused-operation.ts'
import { tensorOutputs } from '../tensor-outputs.ts'
import { atAnotherTime } from './at-another-time.ts'
import { callingLine } from './calling-line.ts'
import { compareRecordings, drawnOnce, withoutRandom } from './frozen-values.ts'
import type { Graph } from './graph.ts'
import { RECORDER } from './recording-backend.ts'
import { recordingBackend } from './register.ts'

/** Name, element type and shape of an input whose values are not known yet. */
export interface InputSpec {
  readonly name: string
  /** `int64` inputs are cast to int32, the integer type of TensorFlow.js. */
  readonly dtype: DType | 'int64'
  readonly shape: readonly number[]
}

/** What a recorded function may do besides tensor operations. */
export interface Recorder {
  /** Adds an input to the graph, such as a dropout mask. */
  input(spec: InputSpec): tf.Tensor
}

export interface RecordOptions {
  /** Keeps inputs that nothing reads, because their shapes may matter. */
  readonly keepInputs?: boolean | undefined
}

/** The number of further recordings to compare: two, because a value may change only at every second call. */
const REPEATS = 2

/**
 * Calls `fn` with symbolic tensors and returns the graph of its computation. Further calls reveal values other than its
 * inputs, which a recording would freeze. A value that is equal in all calls goes unnoticed, such as a counter that
 * moves after many calls.
 *
 * @throws KicError `engine/unsupported-kernel` with the kernel and the calling line, `engine/read-while-recording`,
 *   `engine/not-a-tensor`, `engine/missing-tensor` and `engine/operation` for operands that TensorFlow.js refuses,
 *   `engine/frozen-value` for random numbers, the time, and anything else that differs between calls; errors of `fn`
 */
export const record = (
  inputs: readonly InputSpec[],
  fn: (inputs: Tensors, recorder: Recorder) => Tensors,
  options: RecordOptions = {},
): Graph => {
  const first = recordOnce(inputs, fn, options)
  for (let day = 1; day <= REPEATS; day++) {
    compareRecordings(
      first,
      atAnotherTime(day, () => recordOnce(inputs, fn, options)),
    )
  }
  return first
}

const recordOnce = (
  inputs: readonly InputSpec[],
  fn: (inputs: Tensors, recorder: Recorder) => Tensors,
  { keepInputs = false }: RecordOptions,
): Graph => {
  const backend = recordingBackend()
  const previous = tf.getBackend()
  const stackDepth = Error.stackTraceLimit
  Error.stackTraceLimit = STACK_DEPTH
  // The recorder starts synchronously, so the promise is already fulfilled when setBackend returns.
  void tf.setBackend(RECORDER)
  try {
    return backend.withBuilder((builder) => {
      const input = ({ name, dtype, shape }: InputSpec): tf.Tensor => {
        const value = builder.input(name, dtype, shape)
        const info = backend.tensorInfo(dtype === 'int64' ? builder.cast(value, 'int32') : value)
        return tf.engine().makeTensorFromTensorInfo(info, backend)
      }
      const outputs: { name: string; value: ReturnType<typeof backend.valueFor> }[] = []
      withoutRandom(() =>
        tf.tidy(() => {
          const symbols = Object.fromEntries(inputs.map((spec) => [spec.name, input(spec)]))
          for (const [name, tensor] of Object.entries(tensorOutputs('record', fn(symbols, { input })))) {
            outputs.push({ name, value: backend.valueFor(tensor) })
          }
        }),
      )
      return builder.finish(outputs, keepInputs)
    })
  } catch (error) {
    throw translated(error, inputs)
  } finally {
    Error.stackTraceLimit = stackDepth
    if (previous !== undefined && previous !== null && previous !== '') void tf.setBackend(previous)
    else tf.removeBackend(RECORDER)
  }
}

const translated = (error: unknown, inputs: readonly InputSpec[]): unknown => {
  if (isKicError(error) || !(error instanceof Error)) return error
  const kernel = /Kernel '(\w+)' not registered for backend|Cannot find registered kernel '(\w+)'/
    .exec(error.message)
    ?.slice(1)
    .find(Boolean)
  if (kernel === undefined) {
    // The prefixes that distinguish parameters from feeds are internal to this package.
    const given = inputs.map(({ name, ...spec }) => ({ ...spec, name: name.replace(/^(param|feed)\//, '') }))
    return refusedOperation('record', error, given)
  }
  if (kernel === 'Multinomial') return drawnOnce('tf.multinomial')
  return new KicError<EngineErrorCode>(
    'engine/unsupported-kernel',
    `record: the kernel ${kernel} cannot be recorded (called at ${callingLine(error)}). Express it with other ` +
      'operations, add an entry to the kernel table of @kic/engine (see "Adding a kernel" in its README), or run on ' +
      "an eager engine: selectEngine('cpu').",
    { cause: error },
  )
}
