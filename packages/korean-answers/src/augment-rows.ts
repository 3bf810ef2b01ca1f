import type { Row } from '@kic/data'
import { type AugmentOptions, createAugmenter } from './augment-row.ts'

/** Rates of changes, and the number of changed copies of each row. */
export interface AugmentRowsOptions extends AugmentOptions {
  readonly copies: number
}

/** Rows, then changed copies of all of them, copy after copy: more text to learn from. */
export const augmentRows = (
  rows: readonly Row[],
  { copies, ...changes }: AugmentRowsOptions,
): readonly Row[] => {
  const change = createAugmenter(changes)
  const changed = Array.from({ length: copies }, (_, copy) => rows.map((row) => change(row, copy)))
  return [...rows, ...changed.flat()]
}
