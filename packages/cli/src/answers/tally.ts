import { percent } from '@kic/core'
import type { AnswerRow } from '@kic/predictor'
import type { Expectation } from '@kic/scores'

/** How many rows ended how. */
export interface Tally {
  readonly rows: number
  readonly coded: number
  readonly review: number
  readonly unusable: number
  /** Of the unusable: rows that could not be read, each already told of. */
  readonly rejects: number
}

export const emptyTally: Tally = { rows: 0, coded: 0, review: 0, unusable: 0, rejects: 0 }

/** A tally with further answers. */
export const addAnswers = (tally: Tally, answers: readonly AnswerRow[]): Tally => {
  let { rows, coded, review, unusable, rejects } = tally
  for (const answer of answers) {
    rows += 1
    if ('reject' in answer) {
      unusable += 1
      // An empty text was read well enough; there just is nothing to classify.
      if (answer.reject.reason !== 'empty-text') rejects += 1
    } else if (answer.prediction.status === 'coded') coded += 1
    else if (answer.prediction.status === 'review') review += 1
    else unusable += 1
  }
  return { rows, coded, review, unusable, rejects }
}

const number = (n: number): string => n.toLocaleString('en-US')

/** A tally in one line, and what the model's own validation lets expect. */
export const describeTally = (
  tally: Tally,
  seconds: number,
  expectation: Expectation | undefined,
): string => {
  const { rows, coded, review, unusable } = tally
  const rate = seconds > 0 ? `, ${number(Math.round(rows / seconds))} rows/s` : ''
  const counts = `${number(rows)} rows: ${number(coded)} coded, ${number(review)} to review, ${number(unusable)} unusable${rate}\n`
  return expectation === undefined ? counts : counts + describeExpectation(expectation)
}

/** 'On the model's validation rows: 81.2 % coded automatically, of these right: section 97.1 %, …'. */
export const describeExpectation = ({ automatic, accuracy, rows, reviewBelow }: Expectation): string => {
  const levels = Object.entries(accuracy).map(
    ([level, { accuracy: right, low, high }]) =>
      `${level} ${percent(right)} (${percent(low)} to ${percent(high)})`,
  )
  const at = `at --review-below ${reviewBelow} ${percent(automatic)} were coded automatically`
  return `on the model's validation rows, ${at}${levels.length === 0 ? '' : `, of these ${number(rows)} right: ${levels.join(', ')}`}\n`
}
