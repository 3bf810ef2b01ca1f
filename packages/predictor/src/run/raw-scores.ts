import type { UnusableReason } from '../answers/prediction.ts'
import { eachOnce } from '../answers/text-memory.ts'
import type { TextScorer } from './text-scorer.ts'

/** Scores of texts as the model gave them, before calibration. */
export interface RawScores {
  /** [N, C]; zeros where the text was unusable. */
  readonly logits: Float32Array
  /** C. */
  readonly classes: number
  readonly usable: readonly boolean[]
  /** Why a text was unusable; `undefined` where it was not. */
  readonly reasons: readonly (UnusableReason | undefined)[]
}

/** Texts that are tokenized, sorted by length and held at once. */
const WINDOW = 4096

/** A model's scores of texts, each different one computed once. */
export const rawScores = async (
  { score }: TextScorer,
  classes: number,
  texts: readonly string[],
  signal: AbortSignal | undefined,
): Promise<RawScores> => {
  const scored = await eachOnce(texts, undefined, async (different) => {
    const rows: Awaited<ReturnType<TextScorer['score']>>[number][] = []
    for (let start = 0; start < different.length; start += WINDOW)
      rows.push(...(await score(different.slice(start, start + WINDOW), signal, false)))
    return rows
  })
  const logits = new Float32Array(texts.length * classes)
  for (const [i, row] of scored.entries()) if ('logits' in row) logits.set(row.logits, i * classes)
  const reasons = scored.map((row) => ('reason' in row ? row.reason : undefined))
  return { logits, classes, usable: reasons.map((reason) => reason === undefined), reasons }
}
