import { type PairedDifference, pairedBootstrap, textNumbers } from '@kic/scores'
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
 * @param rows with their texts, [N]
 * @param levels that both models have
 * @throws KicError `classifier/rows` if no row has a label at one of these levels
 */
export const compareAnswers = (
  rows: readonly { readonly text: string }[],
  levels: readonly string[],
  own: readonly AnsweredRow[],
  other: readonly AnsweredRow[],
): Comparison['levels'] => {
  const found = levels.flatMap((level) => {
    const hasLabel = (_: unknown, row: number): boolean => own[row]?.labels[level] !== undefined
    const groups = textNumbers(rows.filter(hasLabel))
    if (groups.length === 0) return []
    const right = (answers: readonly AnsweredRow[]): readonly number[] =>
      answers.filter(hasLabel).map((row) => Number(isRight(row, level)))
    return [[level, pairedBootstrap(right(own), right(other), { groups })] as const]
  })
  if (found.length > 0) return Object.fromEntries(found)
  throw classifierError(
    'classifier/rows',
    `evaluateClassifier: two models are compared at the levels that both have (${levels.join(', ') || 'none'}), and no row has a ` +
      'label there. Compare models of the same classification.',
  )
}

const isRight = ({ prediction, labels }: AnsweredRow, level: string): boolean =>
  prediction.status !== 'unusable' && prediction.codes[level]?.code === labels[level]
