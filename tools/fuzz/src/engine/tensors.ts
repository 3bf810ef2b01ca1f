import type { HostTensor } from '@kic/safetensors'
import * as tf from '@tensorflow/tfjs'
import type { DType, ProgramInput } from './program.ts'

const arrayOf = (dtype: DType, data: readonly number[]): Float32Array | Int32Array | Uint8Array => {
  if (dtype === 'float32') return Float32Array.from(data)
  return dtype === 'int32' ? Int32Array.from(data) : Uint8Array.from(data)
}

/** An input as a tensor of the present backend. */
export const tensorOf = ({ dtype, data }: ProgramInput, shape: readonly number[]): tf.Tensor =>
  tf.tensor(arrayOf(dtype, data), [...shape], dtype)

/** An input as the engines take it. */
export const hostTensorOf = ({ dtype, data }: ProgramInput, shape: readonly number[]): HostTensor => ({
  dtype,
  shape,
  data: arrayOf(dtype, data),
})
