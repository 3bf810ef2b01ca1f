import type { Reject } from '@kic/data'
import type { Prediction } from './prediction.ts'

/** One row of the input with what came of it. */
export type AnswerRow = {
  /** The row's own id, wherever it could be read. */
  readonly id?: string | undefined
  readonly line?: number | undefined
  /** Columns of the input that are passed through, by name. */
  readonly others?: Readonly<Record<string, string>> | undefined
} & ({ readonly prediction: Prediction } | { readonly line: number; readonly reject: Reject })
