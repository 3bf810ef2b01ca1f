import type { Labels } from '@kic/classification'
import { hash32 } from '@kic/core'

/** Fewer rows cannot mark one text in a hundred as novel, and hardly guarantee an accuracy of 95 %. */
const LEAST_ROWS = 100

/** Rows by what they may decide. */
export interface CalibrationHalves<Row> {
  /** They may choose a model, its members and its temperature. */
  readonly choosing: readonly Row[]
  /** They choose nothing, and so can guarantee something; none if the rows are too few for both. */
  readonly guaranteeing: readonly Row[]
}

/**
 * Divides labelled rows into halves by a hash of their texts: equal texts are on one side, and the same rows in any order have
 * the same halves, so all who call this agree. Other rows have independent halves. Unless each half has 100 rows with a label
 * at `level`, all rows choose.
 */
export const calibrationHalves = <Row extends { readonly text: string; readonly labels: Labels }>(
  rows: readonly Row[],
  level: string,
): CalibrationHalves<Row> => {
  const all = rows.reduce((sum, { text }) => (sum + hash32('calibration', text)) | 0, 0)
  const choosing: Row[] = []
  const guaranteeing: Row[] = []
  for (const row of rows) (hash32(all, row.text) % 2 === 0 ? choosing : guaranteeing).push(row)
  const enough = [choosing, guaranteeing].every(
    (half) => half.filter(({ labels }) => labels[level] !== undefined).length >= LEAST_ROWS,
  )
  return enough ? { choosing, guaranteeing } : { choosing: rows, guaranteeing: [] }
}
