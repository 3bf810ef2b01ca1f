import { type PairedDifference, pairedBootstrap } from '@kic/scores'
import { classifierError } from '../classifier-error.ts'
import type { AnsweredRow } from './score-level.ts'

/** How far a model's accuracy is above another's on the same rows, as fractions, with 95 % intervals. */
export interface Comparison {
  /** The other model. */
  readonly model: string
  /** By level that both have; the intervals are of other rows, not of other trainings. */
  readonly levels: Readonly<Record<string, PairedDifference>>
}

/**
 * Compares the answers of two models to the same rows, level by level, by a paired bootstrap that draws equal texts together.
 *
 * @param texts of the rows, [N]
 * @param levels that both models have
 * @throws KicError `classifier/rows` if no row has a label at one of these levels
 */
export const compareAnswers = (
  texts: readonly string[],
  levels: readonly string[],
  own: readonly AnsweredRow[],
  other: readonly AnsweredRow[],
): Comparison['levels'] => {
  const found = levels.flatMap((level) => {
    const rows = own.flatMap(({ labels }, row) => (labels[level] === undefined ? [] : [row]))
    if (rows.length === 0) return []
    const right = (answers: readonly AnsweredRow[]): readonly number[] =>
      rows.map((row) => Number(isRight(answers[row], level)))
    return [[level, pairedBootstrap(right(own), right(other), { groups: numbered(texts, rows) })] as const]
  })
  if (found.length > 0) return Object.fromEntries(found)
  throw classifierError(
    'classifier/rows',
    `evaluateClassifier: two models are compared at the levels that both have (${levels.join(', ') || 'none'}), and no row has a ` +
      'label there. Compare models of the same classification.',
  )
}

const isRight = (row: AnsweredRow | undefined, level: string): boolean =>
  row !== undefined &&
  row.prediction.status !== 'unusable' &&
  row.prediction.codes[level]?.code === row.labels[level]

/** A number for the text of each row, the same for equal texts. */
const numbered = (texts: readonly string[], rows: readonly number[]): readonly number[] => {
  const numbers = new Map<string, number>()
  return rows.map((row) => {
    const text = texts[row] ?? ''
    const number = numbers.get(text) ?? numbers.size
    numbers.set(text, number)
    return number
  })
}
