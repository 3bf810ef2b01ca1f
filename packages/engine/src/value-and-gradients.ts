import { KicError } from '@kic/core'
import * as tf from '@tensorflow/tfjs'
import type { Context, LossFunction, Tensors } from './contract.ts'
import { listen } from './declarations.ts'
import type { EngineErrorCode } from './error-code.ts'
import { registerMatMulGradient } from './matmul-gradient.ts'
import type { Scalar, Tensor } from './tensor.ts'
import { reservedName, userOutputs } from './tensor-outputs.ts'

/** Names of the gradients in the result of `valueAndGradients`. */
export const gradientName = (parameter: string): string => `grad.${parameter}`

/** The outputs and the gradients of a loss function, separately. */
export interface Differentiated {
  /** `loss`, and all other outputs of the function. */
  readonly outputs: Readonly<Record<string, Tensor>>
  /** `grad.<name>` of each parameter that the loss reaches. */
  readonly gradients: Readonly<Record<string, Tensor>>
  /** The weight of the loss: the returned `weight`, otherwise all declared weights, [k]. */
  readonly weights: Tensor | undefined
}

/**
 * The outputs and the gradients, `grad.<name>`, of a loss function, as tensor operations that can be recorded or run
 * eagerly. A parameter that the loss does not reach has no gradient in the result, as in PyTorch.
 *
 * @param trainable names of the parameters to differentiate; the others are constants
 * @param seed scalar factor of the loss before differentiation; default 1
 * @throws KicError `engine/loss-not-scalar`, `engine/loss-weights`, `engine/missing-parameter`, `engine/no-gradient` if
 * the loss does not depend on any trainable parameter
 */
export const valueAndGradients = (
  loss: LossFunction,
  params: Tensors,
  batch: Tensors,
  ctx: Context,
  trainable: readonly string[],
  seed?: Tensor,
): Record<string, Tensor> => {
  const seedOf = seed === undefined ? undefined : () => seed
  const { outputs, gradients, weights } = differentiated(loss, params, batch, ctx, trainable, seedOf)
  weights?.dispose()
  return { ...outputs, ...gradients }
}

/** The same with the weight that the loss declares. The seed may depend on it: `seedOf` receives it as a scalar. */
export const differentiated = (
  loss: LossFunction,
  params: Tensors,
  batch: Tensors,
  ctx: Context,
  trainable: readonly string[],
  seedOf?: (weight: Tensor | undefined) => Tensor,
): Differentiated => {
  const variables = trainable.map((name) => {
    const tensor = params[name]
    if (tensor === undefined) {
      throw new KicError<EngineErrorCode>(
        'engine/missing-parameter',
        `valueAndGradients: every trainable name must be a parameter, received "${name}". Correct the name.`,
      )
    }
    return tensor
  })
  // Kept, because autodiff frees everything outside the result.
  const kept = new Map<string, Tensor>()
  let weights: Tensor | undefined
  const objective = (...values: Tensor[]): Scalar => {
    const replaced: Record<string, Tensor> = { ...params }
    trainable.forEach((name, i) => {
      const value = values[i]
      if (value !== undefined) replaced[name] = value
    })
    const { value, rest, told } = evaluated(loss, replaced, batch, ctx)
    kept.set('loss', tf.keep(value.clone()))
    for (const [name, tensor] of Object.entries(rest)) kept.set(name, tf.keep(tensor.clone()))
    if (told.length > 0) weights = tf.keep(tf.concat1d(told.map((weight) => weight.cast('float32').as1D())))
    return seedOf === undefined ? value : scaled(value, seedOf(weights?.slice(0, 1).asScalar()))
  }
  registerMatMulGradient()
  const { grads } = tf.engine().gradients(() => objective(...variables), variables, undefined, true)
  /** From here on, it lives as long as the caller's tidy, like all other results. */
  const released = (tensor: Tensor): Tensor => {
    const clone = tensor.clone()
    tensor.dispose()
    return clone
  }
  const outputs = Object.fromEntries([...kept].map(([name, tensor]) => [name, released(tensor)]))
  const gradients: Record<string, Tensor> = {}
  trainable.forEach((name, i) => {
    const gradient: Tensor | undefined = grads[i]
    if (gradient !== undefined) gradients[gradientName(name)] = gradient
  })
  if (Object.keys(gradients).length === 0) {
    throw new KicError<EngineErrorCode>(
      'engine/no-gradient',
      'valueAndGradients: the loss must depend on a trainable parameter through differentiable operations, received a loss that does not. ' +
        `Check the loss and the trainable parameters: ${trainable.slice(0, 5).join(', ') || 'none'}.`,
    )
  }
  return { outputs, gradients, weights: weights && released(weights) }
}

/** The value of the loss function, its other results, and the declared weights. */
const evaluated = (loss: LossFunction, params: Tensors, batch: Tensors, ctx: Context) => {
  const declared: Tensor[] = []
  const lossWeight = (weight: Tensor): void => {
    // Losses tidy up after themselves.
    declared.push(tf.keep(weight.clone()))
  }
  try {
    const result = listen({ lossWeight }, () => loss(params, batch, ctx))
    const named = result instanceof tf.Tensor ? { loss: result } : result
    const { loss: value, ...rest } = userOutputs('valueAndGradients', named)
    if (value?.size !== 1) {
      throw new KicError<EngineErrorCode>(
        'engine/loss-not-scalar',
        `valueAndGradients: the loss must be a scalar, received ${value === undefined ? 'none' : `shape [${value.shape}]`}. Reduce it with mean() or sum().`,
      )
    }
    const reserved = Object.keys(rest).find((name) => name.startsWith(gradientName('')))
    if (reserved !== undefined) throw reservedName('valueAndGradients', reserved)
    if (rest.weight !== undefined && rest.weight.size !== 1) {
      throw new KicError<EngineErrorCode>(
        'engine/loss-weights',
        `valueAndGradients: the weight that a loss function returns must be a scalar, received shape [${rest.weight.shape}]. ` +
          'Return the weight of the loss, such as the number of rows that count, or use another name.',
      )
    }
    const told = rest.weight === undefined ? declared : [rest.weight]
    return { value: value.reshape<Scalar>([]), rest, told: told.map((weight) => weight.clone()) }
  } finally {
    tf.dispose(declared)
  }
}

/** A loss times a number that does not depend on the parameters. */
const scaled = (loss: Scalar, seed: Tensor): Scalar => {
  const multiplied = tf.customGrad((...args) => {
    const save = args.at(-1)
    if (typeof save === 'function') save([seed])
    return {
      value: loss.mul(seed),
      gradFunc: (dy: Tensor, saved: Tensor[]) => dy.mul(saved[0] ?? seed),
    }
  })
  return multiplied(loss).asScalar()
}
