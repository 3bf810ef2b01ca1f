import {
  type Classification,
  codeIndex,
  finestLevel,
  flatClassification,
  type Labels,
  labelsOf,
  levelNames,
} from '@kic/classification'
import { KicError } from '@kic/core'
import type { LabelledRow } from './labelled-row.ts'

/** A row with its labels at all levels that are known. */
export interface TaskRow {
  readonly text: string
  readonly labels: Labels
  readonly weight?: number | undefined
  readonly id: string
}

/** A level of a classification: what is learned. */
export interface LearnedLevel {
  readonly classification: Classification
  readonly level: string
}

/** The level of labels without a classification. */
const LABEL = 'label'

/**
 * The level of the classification that is learned; without a classification the labels that occur.
 *
 * @throws KicError `classifier/rows` where there are none, `classifier/level`
 */
export const learnedLevel = (
  rows: readonly LabelledRow[],
  given: Classification | undefined,
  chosen: string | undefined,
): LearnedLevel => {
  if (rows.length === 0) {
    throw new KicError(
      'classifier/rows',
      'trainClassifier: there must be rows, received none. Give texts with their labels.',
    )
  }
  const classification = given ?? flatClassification(labelsOfRows(rows), { level: LABEL })
  const level = chosen ?? finestLevel(classification)
  if (levelNames(classification).includes(level)) return { classification, level }
  throw new KicError(
    'classifier/level',
    `trainClassifier: level must be one of ${levelNames(classification).join(', ')}, received ${level}. ` +
      'Other levels come with another classification.',
  )
}

/** The labels that occur, in order. */
const labelsOfRows = (rows: readonly LabelledRow[]): readonly string[] =>
  [...new Set(rows.map((row, i) => labelOf(row, i, LABEL)))].sort()

/**
 * Rows with labels of the level that is learned.
 *
 * @throws KicError `classifier/rows` naming the first row that is not as it must be
 */
export const taskRows = (
  rows: readonly LabelledRow[],
  { classification, level }: LearnedLevel,
): readonly TaskRow[] =>
  rows.map((row, i) => {
    const { text, weight, id = String(i + 1) } = row
    if (typeof text !== 'string') throw refused(id, 'a text', text)
    if (weight !== undefined && !(weight >= 0 && Number.isFinite(weight)))
      throw refused(id, 'a weight of at least 0', weight)
    const code = labelOf(row, i, level)
    if (codeIndex(classification, level, code) < 0)
      throw refused(id, `a ${level} of ${classification.name}`, code)
    const labels = 'labels' in row ? row.labels : labelsOf(classification, level, code)
    return { text, weight, id, labels }
  })

const labelOf = (row: LabelledRow, i: number, level: string): string => {
  const label = 'labels' in row ? row.labels[level] : row.label
  if (typeof label === 'string' && label !== '') return label
  throw refused(row.id ?? String(i + 1), level === LABEL ? 'a label' : `a label at the level ${level}`, label)
}

const refused = (id: string, what: string, value: unknown): KicError =>
  new KicError(
    'classifier/rows',
    `trainClassifier: every row must have ${what}, received ${JSON.stringify(value) ?? 'none'} in row ${id}. ` +
      'Correct the row, or leave it out.',
  )
