import type { Trial } from './trial.ts'

/** Trials by their last score, the best first and failed ones last. */
export const rankTrials = (trials: readonly Trial[], mode: 'max' | 'min'): readonly Trial[] => {
  const sign = mode === 'max' ? -1 : 1
  const cost = ({ scores }: Trial): number => {
    const score = scores.at(-1)?.score ?? null
    return score === null ? Number.POSITIVE_INFINITY : sign * score
  }
  const compare = (a: number, b: number): number => (a === b ? 0 : a - b)
  return trials.toSorted((a, b) => compare(cost(a), cost(b)) || a.number - b.number)
}
