import type { Predictor } from '../answers/predictor.ts'

/** Rows computed between two progress reports. */
const WINDOW = 4096

/**
 * The logits of each row, [C]; `undefined` for an unusable text.
 *
 * @param progress receives the number of rows computed
 */
export const rowLogits = async (
  predictor: Predictor,
  rows: readonly { readonly text: string }[],
  progress: (computed: number) => void,
): Promise<readonly (Float32Array | undefined)[]> => {
  const found: (Float32Array | undefined)[] = []
  for (let start = 0; start < rows.length; start += WINDOW) {
    const texts = rows.slice(start, start + WINDOW).map(({ text }) => text)
    const { logits, classes, usable } = await predictor.scores(texts)
    for (const [i, isUsable] of usable.entries())
      found.push(isUsable ? logits.subarray(i * classes, (i + 1) * classes) : undefined)
    progress(found.length)
  }
  return found
}
