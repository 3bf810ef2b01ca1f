import type { Classification } from '@kic/classification'
import type { TextPreparation } from '@kic/data/prepare'
import type { BudgetName } from '@kic/ensemble'
import type { Calibration } from '../model/model-notes.ts'
import type { Precision } from '../model/weights.ts'

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
   * folder, and of the budget's name, if any. Another precision, budget or calibration of the same folder has another one.
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
