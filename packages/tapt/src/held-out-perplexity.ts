import { defined, KicError } from '@kic/core'
import type { Engine, PlacedParams } from '@kic/engine'
import { crossEntropy } from '@kic/losses'
import { parameter } from '@kic/nn'
import { perplexity } from '@kic/scores'
import { batchPlan } from '@kic/trainer'
import * as tf from '@tensorflow/tfjs'
import type { TaptErrorCode } from './error-code.ts'
import type { MaskingOptions } from './mask-tokens.ts'
import { maskedBatch } from './masked-batch.ts'
import type { MaskedLanguageModel } from './masked-language-model.ts'
import type { MaskingVocabulary } from './masking-vocabulary.ts'

export interface HeldOutOptions extends MaskingOptions {
  readonly engine: Engine
  readonly model: MaskedLanguageModel
  /** Rows of tokens, including special tokens. */
  readonly rows: readonly Int32Array[]
  readonly vocabulary: MaskingVocabulary
  readonly batchSize: number
  readonly seed: number
  /** Number of masks per row; more masks give a less noisy figure. Default 1. */
  readonly draws?: number | undefined
}

export interface HeldOutScores {
  /** Mean cross-entropy of a masked token, in nats. */
  readonly loss: number
  /** e to the loss. */
  readonly perplexity: number
  /** Share of masked tokens that the model predicts correctly. */
  readonly accuracy: number
}

/** Scores parameters on held-out rows. Keeps its compiled program until `dispose`. */
export interface HeldOutEvaluator {
  (params: PlacedParams): Promise<HeldOutScores>
  dispose(): void
}

/**
 * Pseudo-perplexity on held-out text. The masks are drawn once, so two evaluations differ only by the model. transformers
 * draws new masks each time.
 *
 * @throws KicError `tapt/nothing-to-mask`, `tapt/token`, `tapt/nothing-masked` if no token was chosen,
 *   `trainer/batch-options`
 */
export const heldOutPerplexity = (options: HeldOutOptions): HeldOutEvaluator => {
  const { engine, model, rows, vocabulary, batchSize, seed, draws = 1 } = options
  const lengths = rows.map((row) => row.length)
  const plan = batchPlan({ lengths, batchSize, shuffle: false, seed, epoch: 0 })
  const batches = Array.from({ length: draws }, (_, draw) =>
    plan.map((planned) =>
      maskedBatch(rows, planned, vocabulary, { seed, epoch: `held-out ${draw}` }, options),
    ),
  ).flat()
  const tokens = batches.reduce((sum, { count = 0 }) => sum + count, 0)
  if (tokens === 0) {
    throw new KicError<TaptErrorCode>(
      'tapt/nothing-masked',
      `heldOutPerplexity: masks must choose at least one token, received none in ${rows.length} rows and ${draws} draws. Pass more rows or draws.`,
    )
  }
  const compiled = engine.compile((params, feeds, ctx) => {
    const logits = model.logits(params, feeds, ctx) // [M, V]
    const labels = parameter(feeds, 'masked_labels') // [M]
    const right = tf.equal(tf.argMax(logits, 1), labels)
    return { loss: crossEntropy(logits, labels), right: tf.sum(tf.cast(right, 'float32')) }
  })
  const evaluate = async (params: PlacedParams): Promise<HeldOutScores> => {
    let [loss, right] = [0, 0]
    for (const { feeds, count = 0 } of batches) {
      const outputs = await compiled(params, feeds)
      loss += count * defined(defined(outputs.loss).data[0])
      right += defined(defined(outputs.right).data[0])
    }
    return { loss: loss / tokens, perplexity: perplexity(loss / tokens), accuracy: right / tokens }
  }
  return Object.assign(evaluate, { dispose: () => compiled.dispose() })
}
