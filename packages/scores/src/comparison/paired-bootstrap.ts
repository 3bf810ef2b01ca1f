import { createRandom } from '@kic/core'
import { scoresError } from '../scores-error.ts'

/** How much better one system is than another on the same rows. */
export interface PairedDifference {
  /** The mean of the first less the mean of the second. */
  readonly difference: number
  /** Ends of the interval. */
  readonly low: number
  readonly high: number
}

export interface PairedBootstrapOptions {
  /** Default 2000. */
  readonly resamples?: number | undefined
  /** How often the interval holds the true difference; default 0.95. */
  readonly level?: number | undefined
  /** Rows of one group are drawn together, [N], as equal texts are no independent evidence; default: each on its own. */
  readonly groups?: ArrayLike<number> | undefined
  readonly seed?: number | undefined
}

/**
 * The percentile interval of the mean difference of two systems, from resampled rows: each resample draws the same rows of
 * both. Efron & Tibshirani 1993, *An Introduction to the Bootstrap*, section 13.3; for systems, Koehn 2004.
 *
 * @param first a figure for each row, [N]: 1 where the system is right and 0 elsewhere, or its loss
 * @param second the other system's figures of the same rows, [N]
 * @throws KicError `scores/shape`, `scores/not-a-number`, `scores/bootstrap`
 */
export const pairedBootstrap = (
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  { resamples = 2000, level = 0.95, groups, seed = 0 }: PairedBootstrapOptions = {},
): PairedDifference => {
  checkOptions(resamples, level)
  const { sums, sizes } = groupedDifferences(first, second, groups)
  const random = createRandom(seed, 'paired bootstrap')
  const means = new Float64Array(resamples)
  for (let i = 0; i < resamples; i++) {
    let [sum, rows] = [0, 0]
    for (let draw = 0; draw < sums.length; draw++) {
      const group = random.int(sums.length)
      sum += sums[group] ?? 0
      rows += sizes[group] ?? 0
    }
    means[i] = sum / rows
  }
  means.sort()
  const total = sums.reduce((a, b) => a + b, 0)
  return {
    difference: total / first.length,
    low: quantile(means, (1 - level) / 2),
    high: quantile(means, (1 + level) / 2),
  }
}

/** Sums of differences, and rows, of each group. */
const groupedDifferences = (
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  groups: ArrayLike<number> | undefined,
): { readonly sums: Float64Array; readonly sizes: Float64Array } => {
  const rows = first.length
  if (rows === 0 || second.length !== rows || (groups !== undefined && groups.length !== rows)) {
    throw scoresError(
      'scores/shape',
      `pairedBootstrap: both systems need a figure for each row, received ${rows} and ${second.length}` +
        `${groups === undefined ? '' : ` with ${groups.length} groups`}. Give as many of each, at least one.`,
    )
  }
  const numbers = new Map<number, number>()
  const [sums, sizes] = [new Float64Array(rows), new Float64Array(rows)]
  for (let row = 0; row < rows; row++) {
    const difference = (first[row] ?? 0) - (second[row] ?? 0)
    if (!Number.isFinite(difference)) {
      throw scoresError(
        'scores/not-a-number',
        `pairedBootstrap: figures must be finite, received ${first[row]} and ${second[row]} in row ${row}. Leave such rows out.`,
      )
    }
    const key = groups === undefined ? row : (groups[row] ?? 0)
    const number = numbers.get(key) ?? numbers.size
    numbers.set(key, number)
    sums[number] = (sums[number] ?? 0) + difference
    sizes[number] = (sizes[number] ?? 0) + 1
  }
  return { sums: sums.subarray(0, numbers.size), sizes: sizes.subarray(0, numbers.size) }
}

/** Linear between order statistics, as NumPy's default. */
const quantile = (sorted: Float64Array, share: number): number => {
  const at = share * (sorted.length - 1)
  const below = sorted[Math.floor(at)] ?? 0
  const above = sorted[Math.ceil(at)] ?? 0
  return below + (above - below) * (at - Math.floor(at))
}

const checkOptions = (resamples: number, level: number): void => {
  if (Number.isInteger(resamples) && resamples >= 1 && resamples <= 1e6 && level > 0 && level < 1) return
  throw scoresError(
    'scores/bootstrap',
    `pairedBootstrap: resamples must be 1 to 1000000 and the level between 0 and 1, received ${resamples} and ${level}. ` +
      'Use the defaults, 2000 and 0.95.',
  )
}
