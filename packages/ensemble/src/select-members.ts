import { KicError } from '@kic/core'
import { logProbability, type PredictionSource } from '@kic/scores'
import { checkedMembers } from './checked-members.ts'
import type { EnsembleErrorCode } from './error-code.ts'

export interface SelectMembersOptions {
  /** How many members are drawn, with replacement; default 30. */
  readonly rounds?: number
  /** What is made best on the held-out rows: `accuracy` (default), or `log-loss`, which also rewards confidence. */
  readonly metric?: 'accuracy' | 'log-loss'
}

export interface MemberSelection {
  /** How often each member was taken, up to the best round: weights for `softVote`. Some may be 0. */
  readonly weights: readonly number[]
  /** Member numbers in the order in which they were taken, all rounds. */
  readonly picks: readonly number[]
  /** The metric after each round. */
  readonly scores: readonly number[]
}

/**
 * Chooses members by greedy forward search with replacement: each round takes the member with which the mean of all taken so
 * far is best on held-out rows; of equally good ones the first. The rounds up to the best score count, the earliest of
 * equal ones.
 *
 * Ensemble selection: Caruana et al. 2004, doi:10.1145/1015330.1015432, sections 2 and 2.1. Each round is one pass over the
 * predictions, so that they need not fit into memory. Select on rows that no member was trained on.
 *
 * @param source probabilities of one level
 * @param labels class number of each row; rows with a negative one do not count
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
      `selectMembers: rounds must be a positive integer, received ${rounds}.`,
    )
  }
  if (metric !== 'accuracy' && metric !== 'log-loss') {
    throw new KicError<EnsembleErrorCode>(
      'ensemble/metric',
      `selectMembers: metric must be 'accuracy' or 'log-loss', received '${metric}'.`,
    )
  }
  const picks: number[] = []
  const scores: number[] = []
  let taken: number[] = []
  while (picks.length < rounds) {
    const candidates = await candidateScores(source, labels, taken, picks.length, metric)
    let best = 0
    candidates.forEach((score, k) => {
      if (better(score, candidates[best] ?? Number.NaN, metric)) best = k
    })
    picks.push(best)
    scores.push(candidates[best] ?? Number.NaN)
    taken = candidates.map((_, k) => picks.filter((pick) => pick === k).length)
  }
  let last = 0
  scores.forEach((score, round) => {
    if (better(score, scores[last] ?? Number.NaN, metric)) last = round
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
 * @param taken how often each member was taken; nothing before the first round
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
      if (label >= classes) throw refused(`row ${start + row} has the label ${label} of ${classes} classes`)
      counted++
      const offset = row * classes
      sum.fill(0)
      for (let k = 0; k < taken.length; k++) {
        const [times, data] = [taken[k] ?? 0, members[k]?.data]
        if (times === 0 || !data) continue
        for (let c = 0; c < classes; c++) sum[c] = (sum[c] ?? 0) + times * (data[offset + c] ?? 0)
      }
      for (let k = 0; k < members.length; k++) {
        const data = members[k]?.data
        if (!data) continue
        const gain =
          metric === 'accuracy'
            ? isRight(sum, data, offset, label)
            : -logProbability(((sum[label] ?? 0) + (data[offset + label] ?? 0)) / (picks + 1))
        totals[k] = (totals[k] ?? 0) + gain
      }
    }
  }
  if (rows !== labels.length) throw refused(`there are ${labels.length} labels for ${rows} rows`)
  if (counted === 0) throw refused('no row has a label')
  return totals.map((total) => total / counted)
}

/** 1 where the label is the first largest entry of the sum with the candidate's row added, else 0. */
const isRight = (sum: Float64Array, data: Float32Array, offset: number, label: number): number => {
  const own = (sum[label] ?? 0) + (data[offset + label] ?? 0)
  for (let c = 0; c < sum.length; c++) {
    const other = (sum[c] ?? 0) + (data[offset + c] ?? 0)
    if (other > own || (other === own && c < label)) return 0
  }
  return 1
}

const refused = (what: string): KicError =>
  new KicError<EnsembleErrorCode>('ensemble/labels', `selectMembers: ${what}.`)
