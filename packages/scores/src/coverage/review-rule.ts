import { type Expectation, expectationAt } from './expectation.ts'
import { thresholdFor } from './threshold-for.ts'
import { type JudgedRow, validationCurve } from './validation-curve.ts'

/** Which answers a person looks at, decided on validation rows, and what to expect of it. */
export interface ReviewRule {
  /** The accuracy that automatically coded answers must have at `level`. */
  readonly target: number
  readonly level: string
  /** Answers of less confidence go to a person; null where no threshold reaches the target, so that all of them do. */
  readonly below: number | null
  /** On the validation rows; absent where all go to a person. */
  readonly validation?: Expectation
  /** On rows that had no part in the decision. */
  readonly test?: Expectation
}

/**
 * The lowest threshold above which answers are as accurate as wished, on validation rows.
 *
 * @param levels coarsest first; the last one decides
 * @param test rows that have no part in the decision, to see what it is worth
 * @param target the accuracy wished for, in [0, 1]
 */
export const reviewRule = (
  levels: readonly string[],
  validation: readonly JudgedRow[],
  test: readonly JudgedRow[],
  target = 0.95,
): ReviewRule => {
  const level = levels.at(-1) ?? ''
  const curve = validationCurve(levels, validation)
  const below = thresholdFor(curve, level, target)
  if (below === undefined) return { target, level, below: null }
  return {
    target,
    level,
    below,
    validation: expectationAt(curve, below),
    test: expectationAt(validationCurve(levels, test), below),
  }
}
