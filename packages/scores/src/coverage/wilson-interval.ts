/** A proportion of some rows, with its 95 % interval. */
export interface Proportion {
  readonly share: number
  readonly low: number
  readonly high: number
}

/** The normal distribution's quantile of 97.5 %. */
const Z = 1.959964

/** The 95 % score interval of a proportion: Wilson 1927, J. Am. Stat. Assoc. 22. */
export const wilsonInterval = (hits: number, rows: number): Proportion => {
  const share = hits / rows
  const scale = 1 + (Z * Z) / rows
  const middle = (share + (Z * Z) / (2 * rows)) / scale
  const half = (Z / scale) * Math.sqrt((share * (1 - share)) / rows + (Z * Z) / (4 * rows * rows))
  return { share, low: Math.max(0, middle - half), high: Math.min(1, middle + half) }
}
