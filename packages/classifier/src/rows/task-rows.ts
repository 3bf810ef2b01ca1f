import {
  type Classification,
  codeIndex,
  finestLevel,
  flatClassification,
  type Labels,
  labelsOf,
  levelNames,
} from '@kic/classification'
import { classifierError } from '../classifier-error.ts'
import { givenLabels } from './given-labels.ts'
import type { LabelledRow, TextRow } from './labelled-row.ts'
import { refusedRow } from './refused-row.ts'

/** A row with its known labels, by level. */
export interface TaskRow {
  readonly text: string
  readonly labels: Labels
  readonly weight?: number | undefined
  readonly id: string
}

/** What comes from a teacher. */
export interface Taught {
  /** Its classes, sorted: those of the student. */
  readonly classes: readonly string[]
  /** Rows without labels. */
  readonly unlabelled: readonly TaskRow[]
}

/** The level of a classification that is learned. */
export interface LearnedLevel {
  readonly classification: Classification
  readonly level: string
  readonly taught?: Taught | undefined
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
      'trainClassifier: there must be rows, received none. Provide texts with labels; texts without labels ' +
        'need validationRows with labels (kic: --validation).',
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
 * Rows with labels at the learned level and all levels above it.
 *
 * @throws KicError `classifier/rows` naming the first invalid row
 */
export const taskRows = (
  rows: readonly LabelledRow[],
  { classification, level }: LearnedLevel,
): readonly TaskRow[] =>
  rows.map((row, i) => {
    const code = labelOf(row, i, level)
    const { text, weight, id } = textOf(row, i)
    if (codeIndex(classification, level, code) < 0)
      throw refusedRow('trainClassifier', id, `a ${level} of ${classification.name}`, code)
    const path = labelsOf(classification, level, code)
    return { text, weight, id, labels: withPath(givenLabels('trainClassifier', row, i), path, id) }
  })

/**
 * Rows without labels.
 *
 * @throws KicError `classifier/rows` naming the first invalid row
 */
export const unlabelledRows = (rows: readonly TextRow[]): readonly TaskRow[] =>
  rows.map((row, i) => ({ ...textOf(row, i), labels: {} }))

const textOf = (row: TextRow, i: number) => {
  const { text, weight, id = String(i + 1) } = row
  if (typeof text !== 'string') throw refusedRow('trainClassifier', id, 'a text', text)
  if (weight !== undefined && !(weight >= 0 && Number.isFinite(weight)))
    throw refusedRow('trainClassifier', id, 'a weight of at least 0', weight)
  return { text, weight, id }
}

/** Labels with all levels of a path; a label that contradicts the path is refused. */
const withPath = (labels: Labels | undefined, path: Labels, id: string): Labels => {
  if (labels === undefined) return path
  const levels = Object.entries(path)
  for (const [level, code] of levels) {
    const given = labels[level]
    if (given !== undefined && given !== code)
      throw refusedRow(
        'trainClassifier',
        id,
        `the ${level} '${code}', to which its other labels belong`,
        given,
      )
  }
  return levels.every(([level]) => labels[level] !== undefined) ? labels : { ...labels, ...path }
}

const labelOf = (row: LabelledRow, i: number, level: string): string => {
  const labels = givenLabels('trainClassifier', row, i)
  const label = labels === undefined && 'label' in row ? row.label : labels?.[level]
  if (typeof label === 'string' && label !== '') return label
  const what = level === LABEL ? 'a label' : `a label at the level ${level}`
  throw refusedRow('trainClassifier', row.id ?? String(i + 1), what, label)
}
