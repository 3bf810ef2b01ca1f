import { KicError } from '@kic/core'
import * as tf from '@tensorflow/tfjs'
import type { Tensors } from './contract.ts'

const describe = (value: unknown): string => {
  if (value instanceof tf.Tensor) return 'one tensor'
  if (typeof value !== 'object' || value === null) return String(value)
  if ('then' in value) return 'a promise'
  return Array.isArray(value) ? 'an array' : `an object of type ${value.constructor?.name ?? 'unknown'}`
}

/**
 * What a tensor function returned, checked to be tensors by name.
 *
 * @throws KicError `engine/not-a-tensor`
 */
export const tensorOutputs = (caller: string, result: unknown): Tensors => {
  const outputs: Record<string, tf.Tensor> = {}
  const isRecord =
    typeof result === 'object' &&
    result !== null &&
    !Array.isArray(result) &&
    !('then' in result) &&
    !(result instanceof tf.Tensor)
  if (!isRecord) {
    throw new KicError(
      'engine/not-a-tensor',
      `${caller}: a tensor function returns tensors by name, synchronously, as in { logits }; got ${describe(result)}`,
    )
  }
  for (const [name, tensor] of Object.entries(result)) {
    if (!(tensor instanceof tf.Tensor)) {
      throw new KicError(
        'engine/not-a-tensor',
        `${caller}: output "${name}" is ${describe(tensor)}, not a tensor of @tensorflow/tfjs. If it is one, two ` +
          'copies of @tensorflow/tfjs are installed: `npm ls @tensorflow/tfjs`.',
      )
    }
    outputs[name] = tensor
  }
  return outputs
}
