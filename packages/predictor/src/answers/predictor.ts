import type { Hierarchy } from '@kic/classification'
import type { TextPreparation } from '@kic/data/prepare'
import type { Expectation } from '@kic/scores'
import type { Calibration } from '../model/model-notes.ts'
import type { Precision } from '../model/weights.ts'
import type { PredictOptions, StreamOptions } from './predict-options.ts'
import type { Prediction } from './prediction.ts'
import type { RawScores } from './raw-scores.ts'

/** A model that answers, or votes. */
export interface ModelInfo {
  readonly name: string
  readonly precision: Precision
  /** Longest text that it reads, in tokens, special ones included. */
  readonly maxTokens: number
}

/** What answers texts, and how. */
export interface PredictorInfo {
  readonly kind: 'model' | 'ensemble'
  readonly name: string
  /** The model, or the ensemble's in the order of its members. */
  readonly models: readonly ModelInfo[]
  /** Names of the levels that predictions have, coarsest first. */
  readonly levels: readonly string[]
  /** Codes of the finest level's classes, by class number. */
  readonly classes: readonly string[]
  /** The classification: names and ancestors of the codes. */
  readonly hierarchy: Hierarchy
  /** How every text is prepared, as those were that the model learned from. Of an ensemble that of its first model. */
  readonly preparation: TextPreparation
  /** What the folder does not say and was assumed, in sentences: worth showing to people. */
  readonly warnings: readonly string[]
  /** Absent where nobody calibrated the model, and of ensembles. */
  readonly calibration?: Calibration | undefined
}

/** What comes of a row: of a text its prediction, of a row with a text the row with it; other rows stay as they are. */
export type Answered<Row> = Row extends string
  ? Prediction
  : Row extends { readonly text: string }
    ? Row & { readonly prediction: Prediction }
    : Row

/** Texts to codes, by a model or an ensemble of models. Safe to call any number of times at once. */
export interface Predictor {
  readonly info: PredictorInfo
  /** One text. */
  predict(text: string, options?: PredictOptions): Promise<Prediction>
  /** Several texts; as many predictions, in their order. For more than fits into memory use `stream`. */
  predict(texts: readonly string[], options?: PredictOptions): Promise<Prediction[]>
  /**
   * Any number of texts, or rows with a text, in bounded memory; answers come in the order of the rows. While one window of
   * rows is used, the next is computed. A text that repeats is computed once within a window, and across windows as long as
   * it is remembered. Where the rows end in an error, the answers to those before it come first.
   */
  stream<Row extends string | object>(
    rows: Iterable<Row> | AsyncIterable<Row>,
    options?: StreamOptions,
  ): AsyncGenerator<Answered<Row>>
  /** Scores at the finest level before calibration, for fitting and judging. */
  scores(texts: readonly string[], signal?: AbortSignal): Promise<RawScores>
  /** What to expect when texts below a threshold go to a person; `undefined` without a validation curve. */
  expectation(reviewBelow: number): Expectation | undefined
  /** Frees the models. Calls under way fail. */
  dispose(): Promise<void>
}
