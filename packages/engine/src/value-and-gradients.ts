import { KicError } from '@kic/core'
import * as tf from '@tensorflow/tfjs'
import type { Context, LossFunction, Tensors } from './contract.ts'
import { registerMatMulGradient } from './matmul-gradient.ts'
import { tensorOutputs } from './tensor-outputs.ts'

/** Names of the gradients in the result of `valueAndGradients`. */
export const gradientName = (parameter: string): string => `grad.${parameter}`

/**
 * The loss function's outputs and its gradients, `grad.<name>`, in tensor operations: it can be recorded or run eagerly.
 * A parameter that the loss does not reach has no gradient in the result, as in PyTorch.
 *
 * @param trainable names of the parameters to differentiate by; the others are constants.
 * @param seed scalar that the loss is multiplied by before differentiation; default 1.
 * @throws KicError `engine/loss-not-scalar`, `engine/missing-parameter`, `engine/no-gradient` when the loss does not
 *   depend on any trainable parameter.
 */
export const valueAndGradients = (
  loss: LossFunction,
  params: Tensors,
  batch: Tensors,
  ctx: Context,
  trainable: readonly string[],
  seed?: tf.Tensor,
): Record<string, tf.Tensor> => {
  const variables = trainable.map((name) => {
    const tensor = params[name]
    if (tensor === undefined) {
      throw new KicError('engine/missing-parameter', `valueAndGradients: there is no parameter "${name}"`)
    }
    return tensor
  })
  let extras: Record<string, tf.Tensor> = {}
  const objective = (...values: tf.Tensor[]): tf.Scalar => {
    const replaced: Record<string, tf.Tensor> = { ...params }
    trainable.forEach((name, i) => {
      const value = values[i]
      if (value !== undefined) replaced[name] = value
    })
    const result = loss(replaced, batch, ctx)
    const named = result instanceof tf.Tensor ? { loss: result } : result
    const { loss: value, ...rest } = tensorOutputs('valueAndGradients', named)
    if (value?.size !== 1) {
      throw new KicError(
        'engine/loss-not-scalar',
        `valueAndGradients: the loss must be a scalar, got ${value === undefined ? 'none' : `shape [${value.shape}]`}`,
      )
    }
    // Kept: autodiff frees what is not part of the result.
    extras = Object.fromEntries(Object.entries(rest).map(([name, tensor]) => [name, tf.keep(tensor.clone())]))
    return value.reshape([])
  }
  registerMatMulGradient()
  const { value, grads } = tf.engine().gradients(() => objective(...variables), variables, seed, true)
  const result: Record<string, tf.Tensor> = { loss: value }
  for (const [name, kept] of Object.entries(extras)) {
    // From here on they live as long as the caller's tidy, like all other results.
    result[name] = kept.clone()
    kept.dispose()
  }
  let reached = 0
  trainable.forEach((name, i) => {
    const gradient: tf.Tensor | undefined = grads[i]
    if (gradient === undefined) return
    result[gradientName(name)] = gradient
    reached++
  })
  if (reached === 0) {
    throw new KicError(
      'engine/no-gradient',
      'valueAndGradients: the loss does not depend on any trainable parameter through differentiable operations. ' +
        `Trainable: ${trainable.slice(0, 5).join(', ') || 'none'}`,
    )
  }
  return result
}
