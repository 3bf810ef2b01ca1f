import { KicError, type Random, weightedChoice } from '@kic/core'

/**
 * Row numbers drawn with replacement, each with a probability in proportion to its weight.
 *
 * @throws KicError `trainer/weights` for a weight that is negative or not finite, or when all are zero.
 */
export const drawRows = ({
  weights,
  draws,
  random,
}: {
  readonly weights: ArrayLike<number>
  readonly draws: number
  readonly random: Random
}): readonly number[] => {
  const choice = weightedChoice(weights.length, (row) => {
    const weight = weights[row] ?? 0
    if (weight >= 0 && weight < Number.POSITIVE_INFINITY) return weight
    throw new KicError(
      'trainer/weights',
      `drawRows: the weight of row ${row} is ${weight}; it must be at least 0`,
    )
  })
  if (choice.total === 0) {
    throw new KicError('trainer/weights', 'drawRows: all weights are 0; one must be above 0')
  }
  return Array.from({ length: draws }, () => choice.draw(random))
}

/**
 * Weights of rows that draw every class equally often, or, with a `power` below 1, nearer to its own share: a class of
 * share s is drawn in proportion to s^(1 - power). 0 changes nothing, 0.5 is the usual middle way.
 */
export const classBalancedWeights = (labels: ArrayLike<number>, power = 1): Float64Array => {
  const counts = new Map<number, number>()
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row] ?? 0
    counts.set(label, (counts.get(label) ?? 0) + 1)
  }
  return Float64Array.from(
    { length: labels.length },
    (_, row) => (counts.get(labels[row] ?? 0) ?? 1) ** -power,
  )
}
