import { createRandom } from '@kic/core'

/** Places of units that are removed together, ascending. */
export type Occlusion = readonly number[]

/** Units removed together at most. */
const WIDEST = 3
/** Scattered triples beside the runs; 48 are as good as 200 (deletion test of explain.bench). */
const SCATTERED = 48

/**
 * The removals that a text is tried with: every run of one to three units, and scattered triples, drawn from the text's
 * own seed, so that an explanation repeats.
 *
 * @param units how many there are
 */
export const occlusions = (units: number, seed: string): readonly Occlusion[] => {
  const all = Array.from({ length: units }, (_, i) => i)
  const runs = [1, 2, 3].flatMap((width) =>
    all.slice(0, Math.max(0, units - width + 1)).map((start) => all.slice(start, start + width)),
  )
  if (units <= WIDEST) return runs
  const random = createRandom('explain', seed)
  const scattered = Array.from({ length: SCATTERED }, () => {
    const places = new Set<number>()
    while (places.size < WIDEST) places.add(random.int(units))
    return [...places].sort((a, b) => a - b)
  })
  return [...runs, ...scattered]
}

/** All triples of some units; all of them together if there are no more than three. */
export const triplesOf = (units: readonly number[]): readonly Occlusion[] => {
  const sorted = [...units].sort((a, b) => a - b)
  if (sorted.length <= WIDEST) return [sorted]
  return sorted.flatMap((a, i) =>
    sorted.slice(i + 1).flatMap((b, j) => sorted.slice(i + j + 2).map((c) => [a, b, c])),
  )
}
