import type { Classification } from '@kic/classification'
import type { TextPreparation } from '@kic/data/prepare'
import type { BudgetName } from '@kic/ensemble'
import type { Expectation } from '@kic/scores'
import type { Explanation } from '../explain/explanation.ts'
import type { Calibration } from '../model/model-notes.ts'
import type { Precision } from '../model/weights.ts'
import type { PredictOptions, StreamOptions } from './predict-options.ts'
import type { Prediction } from './prediction.ts'
import type { RawScores } from './raw-scores.ts'

/** Description of a model. */
export interface ModelInfo {
  /**
   * `network` runs on ONNX Runtime; `ngram` is a model of character n-grams and needs no runtime; `reranked` is one of both whose
   * best classes a network reorders by their names.
   */
  readonly kind: 'network' | 'ngram' | 'reranked'
  readonly name: string
  /** Of a network: how its weights are stored. */
  readonly precision?: Precision | undefined
  /** Of a network: longest row of tokens, including special tokens; the rest of a text is cut off. */
  readonly maxTokens?: number | undefined
}

/** Description of a predictor. */
export interface PredictorInfo {
  readonly kind: 'model' | 'ensemble'
  readonly name: string
  /**
   * Identifies what answers, in Node.js: `sha256:` and the digest of all files that were read, with their paths in the
   * folder. Another precision, budget or calibration of the same folder has another one.
   */
  readonly id?: string | undefined
  /** The model, or the ensemble's models in the order of its members. */
  readonly models: readonly ModelInfo[]
  /** Names of the levels of predictions, coarsest first. */
  readonly levels: readonly string[]
  /** Codes of the finest level's classes, by class number. */
  readonly classes: readonly string[]
  /** Names and ancestors of the codes. */
  readonly classification: Classification
  /** The preparation of every text, as in training; for an ensemble, that of its first model. */
  readonly preparation: TextPreparation
  /** Assumptions about missing information in the models' folders, in sentences; show them to people. */
  readonly warnings: readonly string[]
  /** Absent for a model or an ensemble that is not calibrated. */
  readonly calibration?: Calibration | undefined
  /** The budget that an ensemble was loaded for, if any. */
  readonly budget?: BudgetName | undefined
}

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
  scores(texts: readonly string[], signal?: AbortSignal): Promise<RawScores>
  /** The expected result if texts below a threshold go to a person; `undefined` without a validation curve. */
  expectation(reviewBelow: number): Expectation | undefined
  /** Frees the models. Running calls fail. */
  dispose(): Promise<void>
}
