import type { EpochRecord, EvaluationRecord, StopReason } from '@kic/trainer'
import type { Evaluation } from './evaluate-classifier.ts'
import type { LevelScores } from './score-level.ts'

/** How a training went. */
export interface TrainingSummary {
  /** Training rows. */
  readonly rows: number
  readonly classes: number
  readonly level: string
  readonly learningRate: number
  readonly steps: number
  /** Passes over the rows. */
  readonly epochs: number
  readonly stopped: StopReason
  /** Mean training loss of each epoch. */
  readonly losses: readonly EpochRecord[]
  /** Metrics on the validation rows during training. */
  readonly curve: readonly EvaluationRecord[]
  /** Rows per second in training, and in prediction with the saved model. */
  readonly rates: { readonly training: number; readonly prediction: number }
}

/** A simple model's scores on the same validation rows. */
export interface BaselineReport {
  readonly model: string
  /** Its folder in the model's folder, a model for `loadClassifier`. */
  readonly folder: string
  readonly scores: LevelScores
  readonly seconds: number
}

/** The result of a training: `report.json` in the model's folder. */
export interface ClassifierReport extends Evaluation {
  readonly training: TrainingSummary
  /** Absent if the config disables it. */
  readonly baseline?: BaselineReport | undefined
}
