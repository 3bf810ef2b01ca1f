import { type Expectation, expectationAt, type JudgedRow, thresholdFor, validationCurve } from '@kic/scores'

/** Which answers a person looks at, decided on validation rows, and what it comes to. */
export interface ReviewRule {
  /** Accuracy that the automatically coded answers shall have at `level`. */
  readonly target: number
  readonly level: string
  /** Answers of less confidence go to a person; null where no threshold reaches the target, so that all of them do. */
  readonly below: number | null
  /** On the validation rows; absent where all go to a person. */
  readonly validation?: Expectation
  /** On rows that had no part in the decision. */
  readonly test?: Expectation
}

/** The lowest threshold at which the answers above it are as accurate as wished, on validation rows. */
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
