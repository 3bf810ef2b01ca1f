import type { Labels } from '@kic/classification'
import type { LabelledRow } from './labelled-row.ts'
import { refusedRow } from './refused-row.ts'

/**
 * A row's labels by level; `undefined` if it has a single label.
 *
 * @throws KicError `classifier/rows` if the row is no object, or has labels of another type
 */
export const givenLabels = (caller: string, row: LabelledRow, i: number): Labels | undefined => {
  if (typeof row !== 'object' || row === null)
    throw refusedRow(caller, String(i + 1), 'a text and a label, as an object', row)
  const labels: unknown = 'labels' in row ? row.labels : undefined
  if (labels === undefined) return undefined
  if (isLabels(labels)) return labels
  throw refusedRow(caller, row.id ?? String(i + 1), 'labels by level, such as { group: "011" }', labels)
}

const isLabels = (labels: unknown): labels is Labels =>
  typeof labels === 'object' &&
  labels !== null &&
  Object.values(labels).every((code) => code === undefined || typeof code === 'string')
