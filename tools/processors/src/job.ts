import type { TrainingRows } from './training-rows.ts'

/** A saved classifier and one of its files. */
export interface JobModel {
  readonly name: string
  readonly folder: string
  readonly precision: 'float32' | 'int8'
}

/** What is computed on every processor. */
export interface Job {
  readonly models: readonly JobModel[]
  readonly texts: readonly string[]
  /** One pass of training over these rows, in batches of so many. */
  readonly training: TrainingRows
  readonly batchSize: number
}

/** What one processor gives. */
export interface JobResult {
  /** Scores of each model, [texts, C]. */
  readonly scores: readonly (readonly number[])[]
  readonly losses: readonly number[]
  /** Whether products of uint8 and int8 are cut off at 16 bits. */
  readonly saturates: boolean
}
