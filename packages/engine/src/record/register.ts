import * as tf from '@tensorflow/tfjs'
import { registerMatMulGradient } from '../matmul-gradient.ts'
import type { Value } from './graph.ts'
import { kernelTable } from './kernel-table.ts'
import { RECORDER, RecordingBackend } from './recording-backend.ts'
import { KernelAttributes, type Translation } from './translation.ts'

const kernelFunction =
  (kernel: string, translation: Translation): tf.KernelFunc =>
  ({ inputs, attrs, backend }) => {
    const recorder = asRecorder(backend)
    const graphValue = (info: tf.TensorInfo | undefined): Value => {
      if (info === undefined || Array.isArray(info)) throw new Error(`${kernel}: an input is missing`)
      return recorder.valueFor(info)
    }
    const result = translation({
      kernel,
      g: recorder.graph,
      input: (name) => graphValue(inputs[name]),
      optional: (name) =>
        inputs[name] === undefined || inputs[name] === null ? undefined : graphValue(inputs[name]),
      get inputs() {
        return Object.values(inputs).flatMap((info) => (info ? [graphValue(info)] : []))
      },
      attributes: new KernelAttributes(kernel, { ...attrs }),
    })
    return isList(result) ? result.map((value) => recorder.tensorInfo(value)) : recorder.tensorInfo(result)
  }

const isList = (result: Value | readonly Value[]): result is readonly Value[] => Array.isArray(result)

const asRecorder = (backend: unknown): RecordingBackend => {
  if (backend instanceof RecordingBackend) return backend
  throw new Error(`A kernel of "${RECORDER}" ran on another backend`)
}

let current: RecordingBackend | undefined

/** The recording backend, registered with TensorFlow.js on first use; TensorFlow.js never chooses it by itself. */
export const recordingBackend = (): RecordingBackend => {
  if (current !== undefined && tf.findBackend(RECORDER) === current) return current
  const backend = new RecordingBackend()
  registerMatMulGradient()
  tf.registerBackend(RECORDER, () => backend, 0)
  if (tf.getKernelsForBackend(RECORDER).length === 0) {
    for (const [kernelName, translation] of Object.entries(kernelTable)) {
      tf.registerKernel({
        kernelName,
        backendName: RECORDER,
        kernelFunc: kernelFunction(kernelName, translation),
      })
    }
  }
  current = backend
  return backend
}
