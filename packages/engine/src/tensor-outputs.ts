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

/** The refusal of an output whose name is the engine's own. */
export const reservedName = (caller: string, name: string): KicError =>
  new KicError(
    'engine/reserved-name',
    `${caller}: names of outputs must not begin with param/, feed/, check/, mask/ or seed/, nor those of a loss function ` +
      `with "grad.", received "${name}". Return the tensor by another name.`,
  )

/** Names of the engine's own inputs and outputs begin so, and gradients with `grad.` where a step computes them. */
const RESERVED = /^(param|feed|check|mask|seed)\//

/**
 * The same of a function that is not the engine's own.
 *
 * @throws KicError `engine/not-a-tensor`, `engine/reserved-name`
 */
export const userOutputs = (caller: string, result: unknown): Tensors => {
  const outputs = tensorOutputs(caller, result)
  const reserved = Object.keys(outputs).find((name) => RESERVED.test(name))
  if (reserved !== undefined) throw reservedName(caller, reserved)
  return outputs
}
