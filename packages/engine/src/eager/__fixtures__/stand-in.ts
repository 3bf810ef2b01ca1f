import * as tf from '@tensorflow/tfjs'
import { NATIVE_BACKEND } from '../native-backend.ts'

/**
 * Does what importing tfjs-node does, without its native library: registers a backend of that name, which computes like
 * the cpu backend.
 */
export const standIn = async ({ gpu }: { readonly gpu: boolean }): Promise<void> => {
  const factory = tf.findBackendFactory('cpu')
  if (tf.findBackendFactory(NATIVE_BACKEND) === null) {
    tf.registerBackend(NATIVE_BACKEND, async () => Object.assign(await factory(), { isUsingGpuDevice: gpu }), 3)
    if (tf.getKernelsForBackend(NATIVE_BACKEND).length === 0) tf.copyRegisteredKernels('cpu', NATIVE_BACKEND)
  }
}
