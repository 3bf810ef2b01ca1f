import * as tf from '@tensorflow/tfjs'
import type { Tensor } from './tensor.ts'

/**
 * Runs a kernel that only some engines have, such as `LayerNormalization` or `Gelu`. Returns `undefined` if the current
 * backend lacks it; the caller then composes the same result. Call it inside `tf.customGrad`, because such kernels have
 * no gradient of their own.
 */
export const fusedKernel = (
  name: string,
  inputs: readonly Tensor[],
  attributes: Readonly<Record<string, number | boolean | string>> = {},
): readonly Tensor[] | undefined => {
  if (tf.getKernel(name, tf.getBackend()) === undefined) return undefined
  const outputs = tf.engine().runKernel(name, Object.fromEntries(inputs.entries()), attributes)
  return Array.isArray(outputs) ? outputs : [outputs]
}
