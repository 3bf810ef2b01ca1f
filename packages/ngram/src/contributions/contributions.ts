/** How much of the scores of some classes each character of a text contributes. */
export interface Contributions {
  /** What no character contributes, [K]: intercepts or priors, and n-grams that cover no character. */
  readonly base: Float64Array
  /**
   * Each code point's share, [S, K], row by row. With the base, those of a class sum up to its score less the mean score of
   * all classes: probabilities depend on this difference alone.
   */
  readonly characters: Float64Array
}

/** What an occurrence of an n-gram contributes to each class, [K], and the characters that share it. */
export interface PlacedAmounts {
  readonly places: readonly number[]
  readonly amounts: Float64Array
}

/**
 * Divides each amount evenly among its characters; without characters it belongs to the base.
 *
 * @param characters S
 * @param base amounts of no n-gram, [K]
 */
export const sharedOut = (
  characters: number,
  base: Float64Array,
  occurrences: Iterable<PlacedAmounts>,
): Contributions => {
  const classes = base.length
  const shares = new Float64Array(characters * classes)
  const rest = base.slice()
  for (const { places, amounts } of occurrences) {
    amounts.forEach((amount, k) => {
      if (places.length === 0) rest[k] = (rest[k] ?? 0) + amount
      for (const place of places) {
        const at = place * classes + k
        shares[at] = (shares[at] ?? 0) + amount / places.length
      }
    })
  }
  return { base: rest, characters: shares }
}

/** The values of some classes less the mean of all, [K]. */
export const centred = (values: ArrayLike<number>, classes: readonly number[]): Float64Array => {
  let sum = 0
  for (let c = 0; c < values.length; c++) sum += values[c] ?? 0
  const mean = sum / values.length
  return Float64Array.from(classes, (c) => (values[c] ?? Number.NaN) - mean)
}
