import { KicError } from '@kic/core'
import * as tf from '@tensorflow/tfjs'
import type { Tensors } from './contract.ts'
import type { EngineErrorCode } from './error-code.ts'

const describe = (value: unknown): string => {
  if (value instanceof tf.Tensor) return 'one tensor'
  if (typeof value !== 'object' || value === null) return String(value)
  if ('then' in value) return 'a promise'
  return Array.isArray(value) ? 'an array' : `an object of type ${value.constructor?.name ?? 'unknown'}`
}

/**
 * The result of a tensor function, checked to be tensors by name.
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
    throw new KicError<EngineErrorCode>(
      'engine/not-a-tensor',
      `${caller}: a tensor function must return tensors by name, synchronously, as in { logits }, received ${describe(result)}. Change its result.`,
    )
  }
  for (const [name, tensor] of Object.entries(result)) {
    if (!(tensor instanceof tf.Tensor)) {
      throw new KicError<EngineErrorCode>(
        'engine/not-a-tensor',
        `${caller}: output "${name}" must be a tensor of @tensorflow/tfjs, received ${describe(tensor)}. If it is a tensor, two ` +
          'copies of @tensorflow/tfjs are installed; see `npm ls @tensorflow/tfjs`.',
      )
    }
    outputs[name] = tensor
  }
  return outputs
}

/** The error for an output with a name that the engine reserves. */
export const reservedName = (caller: string, name: string): KicError =>
  new KicError<EngineErrorCode>(
    'engine/reserved-name',
    `${caller}: names of outputs must not begin with param/, feed/, check/, mask/ or seed/, nor those of a loss function ` +
      `with "grad.", received "${name}". Return the tensor under another name.`,
  )

/** Prefixes of the engine's own inputs and outputs; gradients start with `grad.` if a step computes them. */
const RESERVED = /^(param|feed|check|mask|seed)\//

/**
 * The same for a function other than the engine's own.
 *
 * @throws KicError `engine/not-a-tensor`, `engine/reserved-name`
 */
export const userOutputs = (caller: string, result: unknown): Tensors => {
  const outputs = tensorOutputs(caller, result)
  const reserved = Object.keys(outputs).find((name) => RESERVED.test(name))
  if (reserved !== undefined) throw reservedName(caller, reserved)
  return outputs
}
