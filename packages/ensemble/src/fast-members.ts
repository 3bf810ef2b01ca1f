import type { Probabilities } from '@kic/scores'
import type { Ensemble } from './ensemble.ts'
import { vote } from './vote.ts'

/** Up to so many members, every subset is tried; of more, only single members and pairs. */
const ALL_SUBSETS = 12

export interface FastMembersOptions {
  /** Class number of each row at the finest level. */
  readonly truth: ArrayLike<number>
  /** Time that each member takes for these rows, in any unit. */
  readonly costs: readonly number[]
  /** How much accuracy may be lost; default 0.01, one point. */
  readonly within?: number | undefined
}

/**
 * The cheapest members whose vote is nearly as often right as the vote of all: of all subsets with an accuracy at the finest
 * level of at least that of all members less `within`, the one with the least cost, and of equally cheap ones the smaller.
 *
 * @param given probabilities in the order of `ensemble.members`
 * @returns places in `ensemble.members`
 * @throws KicError `ensemble/shape`
 */
export const fastMembers = (
  ensemble: Ensemble,
  given: readonly Probabilities[],
  { truth, costs, within = 0.01 }: FastMembersOptions,
): readonly number[] => {
  const everyone = ensemble.members.map((_, k) => k)
  const wanted = accuracyOf(ensemble, given, everyone, truth) - within
  const costOf = (subset: readonly number[]): number =>
    subset.reduce((sum, k) => sum + (costs[k] ?? Number.POSITIVE_INFINITY), 0)
  const cheapest = subsetsOf(everyone)
    .filter((subset) => speaksOfFinest(ensemble, subset))
    .map((subset) => ({ subset, cost: costOf(subset) }))
    .sort((a, b) => a.cost - b.cost || a.subset.length - b.subset.length)
  const found = cheapest.find(({ subset }) => accuracyOf(ensemble, given, subset, truth) >= wanted)
  return found?.subset ?? everyone
}

const subsetsOf = (all: readonly number[]): readonly (readonly number[])[] => {
  if (all.length <= ALL_SUBSETS) {
    return Array.from({ length: 2 ** all.length - 1 }, (_, i) => all.filter((k) => ((i + 1) >> k) % 2 === 1))
  }
  const pairs = all.flatMap((a) => all.filter((b) => b > a).map((b) => [a, b]))
  return [...all.map((k) => [k]), ...pairs, all]
}

const speaksOfFinest = ({ levels, members }: Ensemble, subset: readonly number[]): boolean => {
  const finest = levels.at(-1)?.name
  return subset.some((k) => members[k]?.level === finest && (members[k]?.weight ?? 0) > 0)
}

const accuracyOf = (
  ensemble: Ensemble,
  given: readonly Probabilities[],
  subset: readonly number[],
  truth: ArrayLike<number>,
): number => {
  const members = subset.flatMap((k) => ensemble.members[k] ?? [])
  const { levels } = vote(
    { ...ensemble, members },
    subset.flatMap((k) => given[k] ?? []),
  )
  const classes = levels[ensemble.levels.at(-1)?.name ?? '']?.classes ?? new Int32Array()
  return (
    classes.reduce((right, c, row) => right + (c === truth[row] ? 1 : 0), 0) / Math.max(1, classes.length)
  )
}
