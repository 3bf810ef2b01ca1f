import type { CutCode, Labels } from '@kic/classification'
import type { RejectReason } from './reject.ts'

/** The rule that a row's labels break. */
export interface LabelProblem {
  readonly reason: RejectReason
  readonly message: string
}

/**
 * The labels of a row, none, or the fault in them. Also the original code if a finer one was cut, and the code as
 * written if its letter contradicts its digits.
 */
export type FoundLabels =
  | {
      readonly labels: Labels | undefined
      readonly finer?: CutCode['finer'] | undefined
      readonly otherLetter?: string | undefined
    }
  | LabelProblem
