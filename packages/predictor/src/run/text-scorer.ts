import { KicError } from '@kic/core'
import type { ScoreTexts } from '../answers/scored-text.ts'
import type { PredictorErrorCode } from '../error-code.ts'

/** A running model: scores texts. */
export interface TextScorer {
  readonly score: ScoreTexts
  /** Frees the model. Running calls fail. */
  dispose(): Promise<void>
}

/** The error of a call after `dispose`. */
export const disposed = (): KicError =>
  new KicError<PredictorErrorCode>(
    'predictor/disposed',
    'predict: the predictor must not be disposed, received a call after dispose(). Load the model again.',
  )
