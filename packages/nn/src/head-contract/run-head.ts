import type { Tensor } from '@kic/engine'
import { type Context, type Engine, selectEngine, type TensorFunction, type Tensors } from '@kic/engine'
import type { HostTensor } from '@kic/safetensors'
import * as tf from '@tensorflow/tfjs'
import { parameter } from '../parameter.ts'
import type { HeadBatch, HeadSubject } from './head-subject.ts'

/** The head's logits for the feeds `sequence` and `attention_mask`, [B, C]. */
export const applied = (
  { head, config }: HeadSubject,
  params: Tensors,
  feeds: Tensors,
  ctx: Context,
): Tensor => {
  const [sequence, attentionMask] = [parameter(feeds, 'sequence'), parameter(feeds, 'attention_mask')]
  if (head.readsNgrams !== true) return head.apply(params, { sequence, attentionMask }, config, ctx)
  // A function of the hidden states, so that every check of them covers the n-grams.
  return tf.tidy(() =>
    head.apply(params, { sequence, attentionMask, ngrams: sequence.square() }, config, ctx),
  )
}

/** Runs a tensor function of the head's parameters and a batch. */
export const runOn = async (
  name: Engine['name'],
  batch: HeadBatch,
  params: HeadSubject['params'],
  fn: TensorFunction,
): Promise<Readonly<Record<string, HostTensor>>> => {
  const engine = await selectEngine(name)
  try {
    return await engine.compile(fn)(engine.place(params), batch)
  } finally {
    engine.dispose()
  }
}

/** Logits [B, C] on the eager cpu engine. */
export const logitsOnCpu = async (
  subject: HeadSubject,
  batch: HeadBatch,
  params = subject.params,
): Promise<HostTensor> => {
  const { logits } = await runOn('cpu', batch, params, (weights, feeds, ctx) => ({
    logits: applied(subject, weights, feeds, ctx),
  }))
  if (logits === undefined) throw subject.broken('gives no logits')
  return logits
}

/** Largest difference of any two elements; infinite if shapes differ or an element is NaN. */
export const largestDifference = (a: HostTensor, b: HostTensor): number => {
  if (`${a.shape}` !== `${b.shape}`) return Number.POSITIVE_INFINITY
  const differences = Array.from(a.data, (x, i) => Math.abs(x - (b.data[i] ?? Number.NaN)))
  return differences.some(Number.isNaN) ? Number.POSITIVE_INFINITY : Math.max(0, ...differences)
}
