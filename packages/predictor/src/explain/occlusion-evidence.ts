import type { Evidence } from './evidence.ts'
import type { Occlusion } from './occlusions.ts'
import type { TextUnits } from './text-units.ts'
import { unitWeights } from './unit-weights.ts'

/** Probabilities below it count as equal: a model's last digits are no evidence. */
const LEAST = 1e-6

/**
 * The weights of characters for two classes, from the probabilities of the text without some units.
 *
 * @param classes class numbers of the first answer and of the second, if there is one
 * @param whole probabilities of the whole text, [C]
 * @param left those without each occlusion, [C]; `undefined` if nothing usable is left
 */
export const occlusionEvidence = (
  { characters, units }: TextUnits,
  classes: readonly number[],
  removed: readonly Occlusion[],
  whole: Float64Array,
  left: readonly (Float64Array | undefined)[],
): Evidence => {
  const [first, second] = classes.map((c) =>
    unitWeights(
      units.length,
      removed,
      left.map((found) => logOf(whole[c]) - logOf(found === undefined ? 1 / whole.length : found[c])),
    ),
  )
  const weights = characters.map((character) => ({ character, first: 0, second: 0 }))
  for (const [unit, places] of units.entries()) {
    // The characters of a unit share its weight.
    for (const place of places) {
      const one = weights[place]
      if (one === undefined) continue
      one.first = (first?.[unit] ?? 0) / places.length
      one.second = (second?.[unit] ?? 0) / places.length
    }
  }
  return { method: 'occlusion', characters: weights }
}

const logOf = (probability: number | undefined): number => Math.log(Math.max(probability ?? 0, LEAST))
