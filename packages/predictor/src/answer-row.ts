import type { Reject } from '@kic/data'
import type { Prediction } from './prediction.ts'

/** One row of the input with what came of it. */
export type AnswerRow =
  | { readonly id?: string; readonly line?: number; readonly prediction: Prediction }
  | { readonly line: number; readonly reject: Reject }
