import type { Labels } from '@kic/classification'
import type { CallSignal } from '../answers/call-signal.ts'
import type { Predictor } from '../answers/predictor.ts'

/** Rows computed between two progress reports. */
const WINDOW = 4096

/** Scores of a usable text. */
export interface RowScores {
  /** [C] */
  readonly logits: Float32Array
  /** An ensemble's code at each level. */
  readonly codes: Labels | undefined
}

/**
 * The scores of each row; `undefined` for an unusable text.
 *
 * @param progress receives the number of rows computed
 * @throws the signal's reason
 */
export const rowScores = async (
  predictor: Predictor,
  rows: readonly { readonly text: string }[],
  progress: (computed: number) => void,
  signal: CallSignal | undefined,
): Promise<readonly (RowScores | undefined)[]> => {
  const found: (RowScores | undefined)[] = []
  for (let start = 0; start < rows.length; start += WINDOW) {
    signal?.throwIfAborted()
    const texts = rows.slice(start, start + WINDOW).map(({ text }) => text)
    const { logits, classes, usable, codes } = await predictor.scores(texts, signal)
    for (const [i, isUsable] of usable.entries()) {
      const row = logits.subarray(i * classes, (i + 1) * classes)
      found.push(isUsable ? { logits: row, codes: codes?.[i] } : undefined)
    }
    progress(found.length)
  }
  return found
}
