import { createRandom } from '@kic/core'
import type { Context, LossFunction, Tensors } from '@kic/engine'
import type { HostTensor, HostTensors } from '@kic/safetensors'
import * as tf from '@tensorflow/tfjs'
import { type TokenRows, tokenBatches } from '../index.ts'

export const CLASSES = 3
const VOCABULARY = 30
const WIDTH = 8

/** Rows of tokens. The class of a row is that of most of its tokens, modulo three. */
export const tinyRows = (count: number, seed: number): TokenRows & { readonly labels: Int32Array } => {
  const random = createRandom(seed, 'tiny-rows')
  const labels = Int32Array.from({ length: count }, () => random.int(CLASSES))
  const inputIds = Array.from(labels, (label) =>
    Int32Array.from({ length: 2 + random.int(20) }, () =>
      random.next() < 0.7 ? 3 * (1 + random.int(8)) + label : 3 + random.int(VOCABULARY - 3),
    ),
  )
  return { inputIds, labels }
}

export const tinyParams = (seed = 0): HostTensors => {
  const random = createRandom(seed, 'tiny-params')
  const tensor = (...shape: number[]): HostTensor => ({
    dtype: 'float32',
    shape,
    data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal() * 0.3),
  })
  return {
    'embeddings.weight': tensor(VOCABULARY, WIDTH),
    'dense.weight': tensor(WIDTH, WIDTH),
    'dense.bias': tensor(WIDTH),
    'out.weight': tensor(CLASSES, WIDTH),
  }
}

const need = (tensors: Tensors, name: string): tf.Tensor => {
  const tensor = tensors[name]
  if (tensor === undefined) throw new Error(`no ${name}`)
  return tensor
}

/** Mean of embeddings, a hidden layer with dropout, logits [B, C]. */
export const tinyLogits = (params: Tensors, feeds: Tensors, ctx: Context): tf.Tensor => {
  const [ids, mask] = [need(feeds, 'input_ids'), need(feeds, 'attention_mask').cast('float32')]
  const [batch, length] = ids.shape as [number, number]
  const embedded = tf
    .gather(need(params, 'embeddings.weight'), ids.reshape([-1]).cast('int32'))
    .reshape([batch, length, WIDTH])
  const pooled = embedded.mul(mask.expandDims(2)).sum(1).div(mask.sum(1, true)) // [B, H]
  const hidden = tf
    .matMul(pooled as tf.Tensor2D, need(params, 'dense.weight') as tf.Tensor2D, false, true)
    .add(need(params, 'dense.bias'))
    .tanh()
  return tf.matMul(ctx.dropout(hidden, 0.2) as tf.Tensor2D, need(params, 'out.weight') as tf.Tensor2D, false, true)
}

/** Mean cross-entropy over rows with a label of at least 0. */
export const tinyLoss: LossFunction = (params, batch, ctx) => {
  const labels = need(batch, 'labels')
  const counted = labels.greaterEqual(tf.scalar(0, 'int32')).cast('float32')
  const target = tf.oneHot(labels.cast('int32'), CLASSES).cast('float32')
  const each = tf.logSoftmax(tinyLogits(params, batch, ctx)).mul(target).sum(1).mul(counted)
  return each.sum().div(counted.sum()).neg().asScalar()
}

export const tinyBatches = (rows: TokenRows, seed: number, batchSize = 16) =>
  tokenBatches(rows, { batchSize, seed, padTokenId: 1 })

/** Largest difference between two sets of tensors; 0 means bit-identical. */
export const distance = (a: HostTensors, b: HostTensors): number =>
  Math.max(
    ...Object.entries(a).flatMap(([name, { data }]) =>
      Array.from(data, (x, i) => (Object.is(x, b[name]?.data[i]) ? 0 : Math.abs(x - (b[name]?.data[i] ?? Number.NaN)))),
    ),
  )
