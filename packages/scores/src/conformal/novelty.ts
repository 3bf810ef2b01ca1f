import { notANumber } from '../probabilities/not-a-number.ts'
import { scoresError } from '../scores-error.ts'

/** Scores of ordinary rows: plain data of less than 16 KB, whatever their number. */
export interface NoveltyCalibration {
  /** n rows. */
  readonly rows: number
  /** Scores, ascending, the strangest first; dense at the strange end and thinned beyond. */
  readonly scores: readonly number[]
  /** The rank of each among all n scores, from 1. */
  readonly ranks: readonly number[]
}

/** Every rank up to 100, then steps of 2 %, the last rank included. */
const keptRanks = (rows: number): readonly number[] => {
  const ranks: number[] = []
  for (let rank = 1; rank < rows; rank += Math.max(1, Math.floor(rank / 50))) ranks.push(rank)
  return [...ranks, rows]
}

/**
 * Calibrates a score of novelty on rows like those in training, but with no part in it: lower is stranger. Such scores are
 * the share of a text's n-grams that training knows, the largest logit, or the log-sum-exp of the logits.
 *
 * @param scores [N], at least one, finite
 * @throws KicError `scores/shape` without a score, `scores/not-a-number`
 */
export const noveltyCalibration = (scores: ArrayLike<number>): NoveltyCalibration => {
  if (scores.length === 0) {
    throw scoresError(
      'scores/shape',
      'noveltyCalibration: there must be scores of ordinary rows, received none. Give at least one.',
    )
  }
  const ascending = Float64Array.from(scores)
  const wrong = ascending.findIndex((score) => !Number.isFinite(score))
  if (wrong >= 0) {
    throw scoresError(
      'scores/not-a-number',
      `noveltyCalibration: scores must be finite numbers, received ${ascending[wrong]} at position ${wrong}. ` +
        'Leave out rows without a score.',
    )
  }
  ascending.sort()
  const ranks = keptRanks(ascending.length)
  return {
    rows: ascending.length,
    scores: ranks.flatMap((rank) => ascending[rank - 1] ?? []),
    ranks,
  }
}

/**
 * The conformal p-value of a row: how likely an ordinary row, exchangeable with the calibration rows, is at least as
 * strange (Bates et al. 2023, arXiv:2104.08279). Marking the rows with a p-value of at most 0.01 marks at most 1 % of
 * ordinary rows. The smallest p-value is 1 / (n + 1); beyond 100 rows as strange, thinning raises it by at most 2 %.
 *
 * @param score lower is stranger
 * @returns in (0, 1]
 * @throws KicError `scores/not-a-number`
 */
export const noveltyPValue = ({ rows, scores, ranks }: NoveltyCalibration, score: number): number => {
  if (Number.isNaN(score)) throw notANumber('noveltyPValue', 0, undefined)
  // All rows as strange rank before the next kept score above.
  const above = firstAbove(scores, score)
  return (ranks[above] ?? rows + 1) / (rows + 1)
}

/** The position of the first number of an ascending list above a value; its length if there is none. */
const firstAbove = (ascending: readonly number[], value: number): number => {
  let low = 0
  let high = ascending.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((ascending[middle] ?? value) > value) high = middle
    else low = middle + 1
  }
  return low
}
