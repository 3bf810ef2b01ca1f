import type { OwnReasons } from '../explain/own-reasons.ts'
import type { AnswerOptions } from './predict-options.ts'
import type { Prediction } from './prediction.ts'
import type { PredictorInfo } from './predictor-info.ts'
import type { ScoreTexts } from './scored-text.ts'

/** The core of a predictor: a model, or an ensemble of models. `createPredictor` does the rest. */
export interface Answering extends OwnReasons {
  readonly info: PredictorInfo
  /**
   * One prediction per text, in order. Calls may overlap.
   *
   * @throws the signal's reason, KicError `predictor/disposed`
   */
  answer(texts: readonly string[], options: AnswerOptions): Promise<readonly Prediction[]>
  /** Scores at the finest level, columns as in `info.classes`. */
  readonly score: ScoreTexts
  dispose(): Promise<void>
}
