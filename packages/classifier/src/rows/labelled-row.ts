import type { Labels } from '@kic/classification'

interface TextRow {
  readonly text: string
  /** How often it is drawn, in proportion to those of other rows; default 1. Where a row has one, rows are drawn with replacement. */
  readonly weight?: number | undefined
  /** What it is called in errors; default: its number, from 1. */
  readonly id?: string | undefined
}

/** A text and its label: any name, or a code of the classification at the level that is learned. */
export type LabelledRow =
  | (TextRow & { readonly label: string })
  /** Labels by level, such as `{ section: 'A', division: '01', group: '011' }`. */
  | (TextRow & { readonly labels: Labels })
