import type { HostTensor, HostTensors } from '@kic/safetensors'
import * as tf from '@tensorflow/tfjs'
import { toHost } from '../host-tensor.ts'

/** Reads tensors to the host and frees them, also when reading fails. */
export const readAll = async (tensors: Readonly<Record<string, tf.Tensor>>): Promise<HostTensors> => {
  try {
    const entries = Object.entries(tensors).map(
      async ([name, tensor]): Promise<[string, HostTensor]> => [name, await toHost(tensor)],
    )
    return Object.fromEntries(await Promise.all(entries))
  } finally {
    tf.dispose(Object.values(tensors))
  }
}
