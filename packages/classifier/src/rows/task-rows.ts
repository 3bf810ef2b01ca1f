import {
  type Classification,
  codeIndex,
  finestLevel,
  flatClassification,
  type Labels,
  labelsOf,
  levelNames,
} from '@kic/classification'
import type { KicError } from '@kic/core'
import { classifierError } from '../classifier-error.ts'
import type { LabelledRow } from './labelled-row.ts'

/** A row with its known labels, by level. */
export interface TaskRow {
  readonly text: string
  readonly labels: Labels
  readonly weight?: number | undefined
  readonly id: string
}

/** The level of a classification that is learned. */
export interface LearnedLevel {
  readonly classification: Classification
  readonly level: string
}

/** The level of labels without a classification. */
const LABEL = 'label'

/**
 * The learned level of the classification. Without a classification, the labels of the rows are the classes.
 *
 * @throws KicError `classifier/rows` without rows, `classifier/level`
 */
export const learnedLevel = (
  rows: readonly LabelledRow[],
  given: Classification | undefined,
  chosen: string | undefined,
): LearnedLevel => {
  if (rows.length === 0) {
    throw classifierError(
      'classifier/rows',
      'trainClassifier: there must be rows, received none. Provide texts with labels.',
    )
  }
  const classification = given ?? flatClassification(labelsOfRows(rows), { level: LABEL })
  const level = chosen ?? finestLevel(classification)
  if (levelNames(classification).includes(level)) return { classification, level }
  throw classifierError(
    'classifier/level',
    `trainClassifier: level must be one of ${levelNames(classification).join(', ')}, received ${level}. ` +
      'Other levels come with another classification.',
  )
}

/** The distinct labels, sorted. */
const labelsOfRows = (rows: readonly LabelledRow[]): readonly string[] =>
  [...new Set(rows.map((row, i) => labelOf(row, i, LABEL)))].sort()

/**
 * Rows with labels at the learned level.
 *
 * @throws KicError `classifier/rows` naming the first invalid row
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
  classifierError(
    'classifier/rows',
    `trainClassifier: every row must have ${what}, received ${JSON.stringify(value) ?? 'none'} in row ${id}. ` +
      'Correct the row, or leave it out.',
  )
