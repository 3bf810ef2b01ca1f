import type { Reject } from '@kic/data'
import type { Explanation } from '../explain/explanation.ts'
import type { Prediction } from './prediction.ts'

/** One input row with its result. */
export type AnswerRow = {
  /** The row's own id, if readable. */
  readonly id?: string | undefined
  readonly line?: number | undefined
  /** Passed-through columns of the input, by name. */
  readonly others?: Readonly<Record<string, string>> | undefined
} & (
  | {
      readonly prediction: Prediction
      /** The reasons for it, if they were asked for. */
      readonly explanation?: Explanation | undefined
    }
  | { readonly line: number; readonly reject: Reject }
)
