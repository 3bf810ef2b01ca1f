import { defined, KicError, type Random, weightedChoice } from '@kic/core'
import type { TrainerErrorCode } from '../error-code.ts'

/**
 * Row numbers drawn with replacement, each with a probability in proportion to its weight.
 *
 * @throws KicError `trainer/weights` for a negative or non-finite weight, or if all are zero
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
    const weight = weights[row]
    if (weight !== undefined && weight >= 0 && weight < Number.POSITIVE_INFINITY) return weight
    throw new KicError<TrainerErrorCode>(
      'trainer/weights',
      `drawRows: weights must be at least 0, received ${weight} for row ${row}. Correct it.`,
    )
  })
  if (choice.total === 0) {
    throw new KicError<TrainerErrorCode>(
      'trainer/weights',
      'drawRows: at least one weight must be above 0, received only zeros. Correct the weights.',
    )
  }
  return Array.from({ length: draws }, () => choice.draw(random))
}

/**
 * Weights of rows that draw every class equally often. With a `power` below 1, classes stay closer to their own shares:
 * a class with share s is drawn in proportion to s^(1 - power). 0 changes nothing, and 0.5 is a common compromise.
 */
export const classBalancedWeights = (labels: ArrayLike<number>, power = 1): Float64Array => {
  const counts = new Map<number, number>()
  for (let row = 0; row < labels.length; row++) {
    const label = defined(labels[row])
    counts.set(label, (counts.get(label) ?? 0) + 1)
  }
  return Float64Array.from(
    { length: labels.length },
    (_, row) => (counts.get(defined(labels[row])) ?? 1) ** -power,
  )
}
