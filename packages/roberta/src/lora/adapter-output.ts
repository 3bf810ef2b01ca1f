import type { Context, Tensor, Tensors } from '@kic/engine'
import { linear, parameter } from '@kic/nn'
import * as tf from '@tensorflow/tfjs'
import { type Lora, loraScale } from './lora.ts'
import { adapterNames } from './lora-parameters.ts'

/**
 * What an adapter adds to the output of its module: `alpha / rank · dropout(x) · Aᵀ · Bᵀ`, [..., in] → [..., out]. The product
 * B · A, as large as the weight, is never made, nor is its gradient.
 *
 * @param module for example `roberta.encoder.layer.0.attention.self.query`
 */
export const adapterOutput = (params: Tensors, x: Tensor, module: string, lora: Lora, ctx: Context): Tensor =>
  tf.tidy(() => {
    const { a, b } = adapterNames(module)
    const low = linear(ctx.dropout(x, lora.dropout), parameter(params, a)) // [..., rank]
    return linear(low.mul(loraScale(lora)), parameter(params, b)) // [..., out]
  })
