import { KicError } from '@kic/core'
import type { Tensor } from '@kic/engine'
import * as tf from '@tensorflow/tfjs'
import type { NnErrorCode } from './error-code.ts'

/** A value and how to differentiate it. `gradient` may use only `dy` and what was saved: all else is freed by then. */
export interface Differentiable {
  readonly value: Tensor
  readonly save: Tensor[]
  /** Gradients of the inputs, in their order. */
  gradient(dy: Tensor, saved: readonly Tensor[]): Tensor[]
}

/** `tf.customGrad` with types: computes `forward()`, a function of `inputs` with a hand-written gradient. */
export const withGradient = (inputs: readonly Tensor[], forward: () => Differentiable): Tensor => {
  const run = tf.customGrad((...args) => {
    const save = args.at(-1)
    if (typeof save !== 'function') {
      throw new KicError<NnErrorCode>(
        'nn/custom-gradient',
        'withGradient: tf.customGrad passed no save function; use @tensorflow/tfjs 4.22.',
      )
    }
    const result = forward()
    save(result.save)
    return { value: result.value, gradFunc: (dy: Tensor, saved: Tensor[]) => result.gradient(dy, saved) }
  })
  return run(...inputs)
}

/** The tensor that was saved at this place. */
export const savedAt = (saved: readonly Tensor[], index: number): Tensor => {
  const tensor = saved[index]
  if (tensor === undefined) {
    throw new KicError<NnErrorCode>(
      'nn/custom-gradient',
      `savedAt: nothing was saved at ${index}, only ${saved.length} tensors.`,
    )
  }
  return tensor
}
