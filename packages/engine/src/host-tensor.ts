import { KicError } from '@kic/core'
import type { HostTensor, HostTensors } from '@kic/safetensors'
import * as tf from '@tensorflow/tfjs'
import type { EngineErrorCode } from './error-code.ts'

/**
 * Checks that every tensor's array has the right type and size.
 *
 * @throws KicError `engine/host-tensor` with the tensor's name
 */
export const checkHostTensors = (caller: string, tensors: HostTensors): void => {
  for (const [name, { dtype, shape, data }] of Object.entries(tensors)) {
    const size = shape.reduce((a, b) => a * b, 1)
    const wanted = dtype === 'float32' ? Float32Array : dtype === 'int32' ? Int32Array : Uint8Array
    if (!(data instanceof wanted) || data.length !== size) {
      throw new KicError<EngineErrorCode>(
        'engine/host-tensor',
        `${caller}: "${name}" of type ${dtype} and shape [${shape}] needs a ${wanted.name} of ${size} elements, received ` +
          `${data?.constructor?.name ?? typeof data} of ${data?.length ?? 0}. Correct its data or shape.`,
      )
    }
  }
}

/** A tensor of the current TensorFlow.js backend with the values of a host tensor. */
export const toTensor = ({ data, shape, dtype }: HostTensor): tf.Tensor => tf.tensor(data, [...shape], dtype)

/** The values of a tensor, copied to the host. */
export const toHost = async (tensor: tf.Tensor): Promise<HostTensor> => {
  const data = await tensor.data()
  const { shape, dtype } = tensor
  if (dtype === 'int32') return { dtype, shape, data: Int32Array.from(data) }
  if (dtype === 'bool') return { dtype, shape, data: Uint8Array.from(data) }
  return { dtype: 'float32', shape, data: Float32Array.from(data) }
}

/** Types and shapes by name: what a recording needs to know of tensors. */
export type TensorTypes = Readonly<Record<string, Pick<HostTensor, 'dtype' | 'shape'>>>

/** Shapes and types as one string; equal for feeds that one recording serves. */
export const signature = (tensors: TensorTypes): string =>
  Object.entries(tensors)
    .map(([name, { dtype, shape }]) => `${name}:${dtype}[${shape}]`)
    .sort()
    .join(',')
