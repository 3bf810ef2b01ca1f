import type { AnswerOptions } from './predict-options.ts'
import type { Prediction } from './prediction.ts'
import type { PredictorInfo } from './predictor.ts'
import type { ScoreTexts } from './scored-text.ts'

/** What a predictor is made of: a model, or an ensemble of models. */
export interface Answering {
  readonly info: PredictorInfo
  /**
   * Predictions of texts, in their order. Calls may overlap.
   *
   * @throws the signal's reason, KicError `predictor/disposed`
   */
  answer(texts: readonly string[], options: AnswerOptions): Promise<readonly Prediction[]>
  /** Scores at the finest level, columns as `info.classes`. */
  readonly score: ScoreTexts
  dispose(): Promise<void>
}
