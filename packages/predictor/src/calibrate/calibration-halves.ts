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
 * Divides labelled rows into random halves. The same rows in the same order have the same halves, so all who call this agree.
 * Halves of other rows are independent, and rows without a label at `level` change nothing for the others. Unless each half
 * has 100 rows with a label at `level`, all rows choose.
 *
 * Rows with equal texts are divided like others: kept together, they would not be independent draws, and guarantees would
 * break more often than they say.
 */
export const calibrationHalves = <Row extends { readonly text: string; readonly labels: Labels }>(
  rows: readonly Row[],
  level: string,
): CalibrationHalves<Row> => {
  const isLabelled = ({ labels }: Row): boolean => labels[level] !== undefined
  const labelled = rows.filter(isLabelled)
  const seed = labelled.reduce((mixed, { text }) => hash32(mixed, text), labelled.length)
  const choosing: Row[] = []
  const guaranteeing: Row[] = []
  const places = { labelled: 0, others: 0 }
  for (const row of rows) {
    const kind = isLabelled(row) ? 'labelled' : 'others'
    const side = hash32(seed, kind, places[kind]++) % 2 === 0 ? choosing : guaranteeing
    side.push(row)
  }
  const enough = [choosing, guaranteeing].every((half) => half.filter(isLabelled).length >= LEAST_ROWS)
  return enough ? { choosing, guaranteeing } : { choosing: rows, guaranteeing: [] }
}
