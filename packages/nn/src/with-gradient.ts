import { KicError } from '@kic/core'
import type { Tensor } from '@kic/engine'
import * as tf from '@tensorflow/tfjs'
import type { NnErrorCode } from './error-code.ts'

/** A value and its gradient. `gradient` may use only `dy` and the saved tensors; everything else is freed by then. */
export interface Differentiable {
  readonly value: Tensor
  readonly save: Tensor[]
  /** Gradients of the inputs, in their order. */
  gradient(dy: Tensor, saved: readonly Tensor[]): Tensor[]
}

/** A typed `tf.customGrad`: computes `forward()`, a function of `inputs` with a hand-written gradient. */
export const withGradient = (inputs: readonly Tensor[], forward: () => Differentiable): Tensor => {
  const run = tf.customGrad((...args) => {
    const save = args.at(-1)
    if (typeof save !== 'function') {
      throw new KicError<NnErrorCode>(
        'nn/custom-gradient',
        'withGradient: tf.customGrad must pass a save function, received none. Use @tensorflow/tfjs 4.22.',
      )
    }
    const result = forward()
    save(result.save)
    return { value: result.value, gradFunc: (dy: Tensor, saved: Tensor[]) => result.gradient(dy, saved) }
  })
  return run(...inputs)
}

/** The tensor saved at this index. */
export const savedAt = (saved: readonly Tensor[], index: number): Tensor => {
  const tensor = saved[index]
  if (tensor === undefined) {
    throw new KicError<NnErrorCode>(
      'nn/custom-gradient',
      `savedAt: the index must be below ${saved.length}, the number of saved tensors, received ${index}. Save the tensor first.`,
    )
  }
  return tensor
}
