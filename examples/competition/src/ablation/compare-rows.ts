import { defined } from '@kic/core'
import { type PairedDifference, pairedBootstrap } from '@kic/scores'

/** Which test rows one training got right. */
export interface RightRows {
  readonly seed: number
  /** 1 or 0 each, [N]. */
  readonly right: ArrayLike<number>
}

/**
 * How far the mean accuracy of one row of the table is above another's, over the seeds that both have. The interval is of
 * other test rows, not of other seeds.
 *
 * @param groups test rows that are drawn together, [N]
 * @returns `undefined` if they have no seed in common
 */
export const compareRows = (
  own: readonly RightRows[],
  other: readonly RightRows[],
  groups: ArrayLike<number>,
): PairedDifference | undefined => {
  const common = own.flatMap(({ seed, right }) => {
    const same = other.find((run) => run.seed === seed)
    return same === undefined ? [] : [[right, same.right] as const]
  })
  if (common.length === 0) return undefined
  const share = (side: 0 | 1): Float64Array =>
    Float64Array.from(
      { length: groups.length },
      (_, row) => common.reduce((sum, sides) => sum + defined(sides[side][row]), 0) / common.length,
    )
  return pairedBootstrap(share(0), share(1), { groups })
}
