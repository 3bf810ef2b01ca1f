import { KicError } from '@kic/core'
import type { ScoreTexts } from '../answers/scored-text.ts'
import type { PredictorErrorCode } from '../error-code.ts'
import type { OpenedModel } from '../model/open-model.ts'
import { createBatchQueue } from './batch-queue.ts'
import { batchRunner } from './batch-runner.ts'
import { tokenizeTexts } from './tokenize-texts.ts'

/** A running model: scores texts. */
export interface TextScorer {
  readonly score: ScoreTexts
  /** Frees the model. Running calls fail. */
  dispose(): Promise<void>
}

/** @param batchSize texts per batch */
export const createTextScorer = (model: OpenedModel, batchSize = 64): TextScorer => {
  const queue = createBatchQueue(batchRunner(model), batchSize, model.session.runsAtOnce)
  const classes = model.tree.codes.length
  let disposed = false
  return {
    score: async (texts, signal, alone) => {
      if (disposed) {
        throw new KicError<PredictorErrorCode>(
          'predictor/disposed',
          'predict: the predictor must not be disposed, received a call after dispose(). Load the model again.',
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
