import type { Speed } from '@kic/stages'

/** Depths that are measured for a deeper encoder. */
const SHALLOW = 2
const DEEP = 6

/**
 * The speed of an encoder by its number of layers. Every layer costs the same, so a deep encoder, of which one step may take a minute
 * and its weights gigabytes, is not measured itself: its speed follows from two shallower ones.
 *
 * @param measure the speed with a number of layers; `undefined` if it is not known
 */
export const deepSpeed = async (
  layers: number,
  measure: (layers: number) => Promise<Speed | undefined>,
): Promise<Speed | undefined> => {
  // An encoder of twelve layers, such as RoBERTa-base, takes seconds.
  if (layers <= 2 * DEEP) return measure(layers)
  const [shallow, deep] = [await measure(SHALLOW), await measure(DEEP)]
  if (shallow === undefined || deep === undefined) return undefined
  // Other load may make the shallow one seem slower than the deep one.
  const extrapolated = (at: keyof Speed): number =>
    deep[at] + ((layers - DEEP) * Math.max(0, deep[at] - shallow[at])) / (DEEP - SHALLOW)
  return { start: extrapolated('start'), perExample: extrapolated('perExample') }
}
