import { defined, KicError } from '@kic/core'
import { logProbability, type PredictionSource } from '@kic/scores'
import { checkedMembers } from './checked-members.ts'
import type { EnsembleErrorCode } from './error-code.ts'

export interface SelectMembersOptions {
  /** Number of draws, with replacement; default 30. */
  readonly rounds?: number | undefined
  /** The metric to optimise on the held-out rows: `accuracy` (default), or `log-loss`, which also rewards confidence. */
  readonly metric?: 'accuracy' | 'log-loss' | undefined
}

export interface MemberSelection {
  /** Number of times that each member was taken, up to the best round: weights for `softVote`. Some may be 0. */
  readonly weights: readonly number[]
  /** Member numbers in the order of all rounds. */
  readonly picks: readonly number[]
  /** The metric after each round. */
  readonly scores: readonly number[]
}

/**
 * Chooses members by greedy forward search with replacement. Each round takes the member that gives the best mean of all
 * members taken so far, on held-out rows; the first of equally good ones. The rounds up to the earliest best score count.
 *
 * Ensemble selection: Caruana et al. 2004, doi:10.1145/1015330.1015432, sections 2 and 2.1. Each round is one pass over the
 * predictions, so they need not fit into memory. Select on rows outside the training of every member.
 *
 * @param source probabilities of one level
 * @param labels class number of each row; rows with a negative number do not count
 * @throws KicError `ensemble/labels`, `ensemble/rounds`, `ensemble/metric`, `ensemble/no-members`, `ensemble/shape`
 */
export const selectMembers = async (
  source: PredictionSource,
  labels: Int32Array,
  { rounds = 30, metric = 'accuracy' }: SelectMembersOptions = {},
): Promise<MemberSelection> => {
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new KicError<EnsembleErrorCode>(
      'ensemble/rounds',
      `selectMembers: rounds must be a positive integer, received ${rounds}. Correct it.`,
    )
  }
  if (metric !== 'accuracy' && metric !== 'log-loss') {
    throw new KicError<EnsembleErrorCode>(
      'ensemble/metric',
      `selectMembers: metric must be 'accuracy' or 'log-loss', received '${metric}'. Use one of them.`,
    )
  }
  const picks: number[] = []
  const scores: number[] = []
  let taken: number[] = []
  while (picks.length < rounds) {
    const candidates = await candidateScores(source, labels, taken, picks.length, metric)
    let best = 0
    candidates.forEach((score, k) => {
      if (better(score, defined(candidates[best]), metric)) best = k
    })
    picks.push(best)
    scores.push(defined(candidates[best]))
    taken = candidates.map((_, k) => picks.filter((pick) => pick === k).length)
  }
  let last = 0
  scores.forEach((score, round) => {
    if (better(score, defined(scores[last]), metric)) last = round
  })
  const counted = picks.slice(0, last + 1)
  const weights = taken.map((_, k) => counted.filter((pick) => pick === k).length)
  return { weights, picks, scores }
}

const better = (a: number, b: number, metric: 'accuracy' | 'log-loss'): boolean =>
  metric === 'accuracy' ? a > b : a < b

/**
 * The metric of the members taken so far with each candidate added, in one pass.
 *
 * @param taken number of times that each member was taken; empty before the first round
 * @param picks their sum
 */
const candidateScores = async (
  source: PredictionSource,
  labels: Int32Array,
  taken: readonly number[],
  picks: number,
  metric: 'accuracy' | 'log-loss',
): Promise<number[]> => {
  const totals: number[] = []
  let [counted, rows] = [0, 0]
  for await (const { start, members } of source()) {
    const { classes, rows: size } = checkedMembers('selectMembers', members)
    const sum = new Float64Array(classes)
    rows += size
    for (let row = 0; row < size; row++) {
      const label = labels[start + row] ?? -1
      if (label < 0) continue
      if (label >= classes)
        throw refused(`labels must be below the ${classes} classes, received ${label} for row ${start + row}`)
      counted++
      const offset = row * classes
      sum.fill(0)
      for (let k = 0; k < taken.length; k++) {
        const [times, { data }] = [defined(taken[k]), defined(members[k])]
        if (times === 0) continue
        for (let c = 0; c < classes; c++) sum[c] = defined(sum[c]) + times * defined(data[offset + c])
      }
      for (let k = 0; k < members.length; k++) {
        const { data } = defined(members[k])
        const gain =
          metric === 'accuracy'
            ? isRight(sum, data, offset, label)
            : -logProbability((defined(sum[label]) + defined(data[offset + label])) / (picks + 1))
        totals[k] = (totals[k] ?? 0) + gain
      }
    }
  }
  if (rows !== labels.length)
    throw refused(`every row must have a label, received ${labels.length} labels for ${rows} rows`)
  if (counted === 0) throw refused(`some row must have a label of at least 0, received none in ${rows} rows`)
  return totals.map((total) => total / counted)
}

/** 1 where the label is the first largest entry of the sum with the candidate's row added, else 0. */
const isRight = (sum: Float64Array, data: Float32Array, offset: number, label: number): number => {
  const own = defined(sum[label]) + defined(data[offset + label])
  for (let c = 0; c < sum.length; c++) {
    const other = defined(sum[c]) + defined(data[offset + c])
    if (other > own || (other === own && c < label)) return 0
  }
  return 1
}

const refused = (what: string): KicError =>
  new KicError<EnsembleErrorCode>('ensemble/labels', `selectMembers: ${what}. Pass the labels of these rows.`)
