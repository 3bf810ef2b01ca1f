import type { Labels } from '@kic/classification'

/** A text without a label. */
export interface TextRow {
  readonly text: string
  /** Sampling weight; default 1. If any row has one, rows are drawn with replacement. */
  readonly weight?: number | undefined
  /** Its name in errors; default: its number, from 1. */
  readonly id?: string | undefined
}

/** A text and its label: any name, or a code of the classification at the learned level. */
export type LabelledRow =
  | (TextRow & { readonly label: string })
  /** Labels by level, such as `{ section: 'A', division: '01', group: '011' }`. */
  | (TextRow & { readonly labels: Labels })
