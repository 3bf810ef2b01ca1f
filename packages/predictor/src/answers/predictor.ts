import type { Expectation } from '@kic/scores'
import type { Explanation } from '../explain/explanation.ts'
import type { CallSignal } from './call-signal.ts'
import type { PredictOptions, StreamOptions } from './predict-options.ts'
import type { Prediction } from './prediction.ts'
import type { PredictorInfo } from './predictor-info.ts'
import type { RawScores } from './raw-scores.ts'

/** The answer to a row: a text's prediction; a row with a text and its prediction; or any other row unchanged. */
export type Answered<Row> = Row extends string
  ? Prediction
  : Row extends { readonly text: string }
    ? Row & { readonly prediction: Prediction }
    : Row

/** Predicts codes of texts with a model or an ensemble of models. Calls may overlap. */
export interface Predictor {
  readonly info: PredictorInfo
  /** One text. */
  predict(text: string, options?: PredictOptions): Promise<Prediction>
  /** Several texts; returns one prediction per text, in order. For more texts than fit into memory, use `stream`. */
  predict(texts: readonly string[], options?: PredictOptions): Promise<Prediction[]>
  /**
   * Any number of texts, or of rows with a text, in bounded memory; answers are in the order of the rows. The next window of
   * rows is computed while the caller uses the answers of one. Recent texts are cached, so repeated ones are computed once.
   * If the rows end in an error, the answers to the rows before it come first. Leaving the loop stops the computation.
   */
  stream<Row extends string | object>(
    rows: Iterable<Row> | AsyncIterable<Row>,
    options?: StreamOptions,
  ): AsyncGenerator<Answered<Row>>
  /**
   * The reasons for the answer to a text: the weight of each character for the first and the second answer, and the
   * characters without which the confidence falls most.
   */
  explain(text: string, options?: Pick<PredictOptions, 'signal'>): Promise<Explanation>
  /** Scores at the finest level, before calibration. */
  scores(texts: readonly string[], signal?: CallSignal): Promise<RawScores>
  /** The expected result if texts below a threshold go to a person; `undefined` without a validation curve. */
  expectation(reviewBelow: number): Expectation | undefined
  /** Frees the models. Running calls fail. */
  dispose(): Promise<void>
}
