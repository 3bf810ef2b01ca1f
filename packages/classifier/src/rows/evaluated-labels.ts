import { type Classification, codeIndex, type Labels, labelsOf } from '@kic/classification'
import { classifierError } from '../classifier-error.ts'
import { givenLabels } from './given-labels.ts'
import type { LabelledRow } from './labelled-row.ts'
import { refusedRow } from './refused-row.ts'

/** What a model answers with. */
interface Answers {
  readonly classification: Classification
  /** Names of its levels, its own last. */
  readonly levels: readonly string[]
}

/**
 * Known labels of rows to evaluate a model on, by level. A single label is one at the model's own level, with all levels
 * above it if the classification has it.
 *
 * @throws KicError `classifier/rows` naming the first invalid row, or if no row has a label at a level of the model
 */
export const evaluatedLabels = (
  rows: readonly LabelledRow[],
  { classification, levels }: Answers,
): readonly Labels[] => {
  const own = levels.at(-1) ?? ''
  const found = rows.map((row, i) => {
    const labels = givenLabels(CALLER, row, i)
    if (typeof row.text !== 'string') throw refusedRow(CALLER, row.id ?? String(i + 1), 'a text', row.text)
    return labels ?? singleLabel(row, i, classification, own)
  })
  if (found.some((labels) => levels.some((level) => labels[level] !== undefined))) return found
  throw classifierError(
    'classifier/rows',
    `${CALLER}: some rows must have labels at a level of the model (${levels.join(', ')}), received ${rows.length} rows ` +
      'without one. Name their levels so, or give single labels.',
  )
}

const CALLER = 'evaluateClassifier'

const singleLabel = (row: LabelledRow, i: number, classification: Classification, own: string): Labels => {
  const label = 'label' in row ? row.label : undefined
  if (label === undefined) return {}
  if (typeof label !== 'string') throw refusedRow(CALLER, row.id ?? String(i + 1), 'a label', label)
  return codeIndex(classification, own, label) < 0 ? { [own]: label } : labelsOf(classification, own, label)
}
