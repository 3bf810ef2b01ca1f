/** One round: so many of the best trials, trained for a share of their epochs. */
export interface Rung {
  readonly trials: number
  /** Above 0, at most 1. */
  readonly share: number
}

/**
 * The rounds of successive halving: each keeps the best third and trains it three times as long, the last one to the end.
 *
 * Jamieson & Talwalkar 2016, arXiv:1502.07943; the factor 3 as in Hyperband, Li et al. 2018, arXiv:1603.06560.
 */
export const halvingRungs = (trials: number, factor = 3): readonly Rung[] => {
  const rounds = Math.floor(Math.log(trials) / Math.log(factor) + 1e-9)
  return Array.from({ length: rounds + 1 }, (_, round) => ({
    trials: Math.floor(trials / factor ** round),
    share: factor ** (round - rounds),
  }))
}
