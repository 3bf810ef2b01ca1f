/** The coverages that thresholds are stored for: those that one asks for, closer where a set grows fastest. */
export const COVERAGES: readonly number[] = [
  0.5,
  0.6,
  0.7,
  0.75,
  ...Array.from({ length: 20 }, (_, i) => (80 + i) / 100),
  0.995,
  0.999,
]

/** What some calibration rows say about coverage. */
export interface CoverageThresholds {
  /** n calibration rows. */
  readonly rows: number
  /** For each coverage of the calibration, the least probability of a class in the set; 0 admits every class. */
  readonly thresholds: readonly number[]
}

/**
 * The thresholds that a new row's true class reaches with at least each coverage: the k-th largest of n true classes'
 * probabilities, k = ⌈(n + 1) coverage⌉, and 0 where k exceeds n (Angelopoulos & Bates 2023, arXiv:2107.07511, section 1).
 *
 * @param probabilities of the true classes, in any order
 */
export const coverageThresholds = (probabilities: readonly number[]): CoverageThresholds => {
  const descending = Float64Array.from(probabilities).sort().reverse()
  const threshold = (coverage: number): number => {
    // (n + 1) × 0.95 may come out a little above the whole number that it is.
    const k = Math.ceil((probabilities.length + 1) * coverage - 1e-9)
    return roundedDown(descending[k - 1] ?? 0)
  }
  return { rows: probabilities.length, thresholds: COVERAGES.map(threshold) }
}

/** Four digits, of the threshold or of its distance to 1, keep files small and cost less than 0.1 points of coverage. */
const DIGITS = 4
/** Sums of float32 probabilities differ by less. */
const FINEST_DECIMALS = 6

/** A lower threshold only raises coverage. */
const roundedDown = (threshold: number): number => {
  if (threshold < 1e-30) return 0
  if (threshold > 0.9) return roundedBelowOne(threshold)
  const rounded = Number(threshold.toPrecision(DIGITS))
  if (rounded <= threshold) return rounded
  const step = 10 ** (Math.floor(Math.log10(threshold)) - DIGITS + 1)
  return Number((rounded - step).toPrecision(DIGITS))
}

/** Sure classifiers tell rows apart by how little is missing to 1. */
const roundedBelowOne = (threshold: number): number => {
  if (threshold >= 1) return 1
  const decimals = Math.min(FINEST_DECIMALS, DIGITS - 1 - Math.floor(Math.log10(1 - threshold)))
  const rounded = Number(threshold.toFixed(decimals))
  return rounded <= threshold ? rounded : Number((rounded - 10 ** -decimals).toFixed(decimals))
}
