import { KicError } from '@kic/core'
import type { OpenedModel } from '../model/open-model.ts'
import { createBatchQueue } from './batch-queue.ts'
import { batchRunner } from './batch-runner.ts'
import { type RefusedText, tokenizeTexts } from './tokenize-texts.ts'

/** A text that a model scored. */
export interface ScoredText {
  /** As the model's preparation makes it. */
  readonly text: string
  /** [C], before calibration. */
  readonly logits: Float32Array
  /** Whether the text was longer than the model reads. */
  readonly truncated: boolean
}

/** Whether a model could use a text. */
export const isScored = (row: ScoredText | RefusedText): row is ScoredText => 'logits' in row

/** A model at work: texts to scores. */
export interface TextScorer {
  /**
   * Scores of texts, in their order. Calls may overlap.
   *
   * @param alone whether they share no batch with texts of other calls
   * @throws the signal's reason, KicError `predictor/disposed`
   */
  score(
    texts: readonly string[],
    signal: AbortSignal | undefined,
    alone: boolean,
  ): Promise<readonly (ScoredText | RefusedText)[]>
  /** Frees the model. Calls under way fail. */
  dispose(): Promise<void>
}

/** @param batchSize texts that run together */
export const createTextScorer = (model: OpenedModel, batchSize = 64): TextScorer => {
  const queue = createBatchQueue(batchRunner(model), batchSize, model.session.runsAtOnce)
  const classes = model.tree.codes.length
  let disposed = false
  return {
    score: async (texts, signal, alone) => {
      if (disposed) {
        throw new KicError(
          'predictor/disposed',
          'predict: this predictor was disposed of; load the model again',
        )
      }
      const read = tokenizeTexts(model, texts)
      const tokens = read.flatMap((row) => ('tokens' in row ? [row.tokens] : []))
      const scores = await queue.run(tokens, signal, alone)
      let at = 0
      return read.map((row) => {
        if (!('tokens' in row)) return row
        const { text, truncated } = row
        const logits = scores.subarray(at, at + classes)
        at += classes
        return { text, logits, truncated }
      })
    },
    dispose: async () => {
      if (disposed) return
      disposed = true
      await model.session.release()
    },
  }
}
