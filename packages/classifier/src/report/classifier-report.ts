import type { EpochRecord, EvaluationRecord, StopReason } from '@kic/trainer'
import type { Evaluation } from './evaluate-classifier.ts'
import type { LevelScores } from './score-level.ts'

/** How a training went. */
export interface TrainingSummary {
  /** Rows that were learned from. */
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
  /** Metrics on the validation rows, in the course of training. */
  readonly curve: readonly EvaluationRecord[]
  /** Rows a second: learned from, and answered by the saved model. */
  readonly rates: { readonly training: number; readonly prediction: number }
}

/** A simple model's scores on the same validation rows. */
export interface BaselineReport {
  readonly model: string
  readonly scores: LevelScores
  readonly seconds: number
}

/** What a training came to: `report.json` in the model's folder. */
export interface ClassifierReport extends Evaluation {
  readonly training: TrainingSummary
  /** Absent where the config asks for none. */
  readonly baseline?: BaselineReport | undefined
}
