import type { Labels } from '@kic/classification'
import type { CallSignal } from './call-signal.ts'
import type { UnusableReason } from './prediction.ts'
import { isScored, type RefusedText, type ScoredText, type ScoreTexts } from './scored-text.ts'
import { eachOnce } from './text-memory.ts'

/** Scores of texts before calibration: a model's logits, or the logarithms of an ensemble's probabilities. */
export interface RawScores {
  /** [N, C], columns as in `info.classes`; zeros for unusable texts. */
  readonly logits: Float32Array
  /** C. */
  readonly classes: number
  readonly usable: readonly boolean[]
  /** The reason why a text is unusable; `undefined` for usable texts. */
  readonly reasons: readonly (UnusableReason | undefined)[]
  /**
   * Of an ensemble: each text's code at each level, by level name; `undefined` for unusable texts. A model's codes are its
   * most probable class and the codes above it.
   */
  readonly codes?: readonly (Labels | undefined)[] | undefined
}

/** Texts tokenized, sorted by length and held at once. */
const WINDOW = 4096

/** Scores of texts as a matrix; repeated texts are computed once. */
export const rawScores = async (
  score: ScoreTexts,
  classes: number,
  texts: readonly string[],
  signal: CallSignal | undefined,
): Promise<RawScores> => {
  const scored = await eachOnce(texts, undefined, async (distinct) => {
    const rows: (ScoredText | RefusedText)[] = []
    for (let start = 0; start < distinct.length; start += WINDOW)
      rows.push(...(await score(distinct.slice(start, start + WINDOW), signal, false)))
    return rows
  })
  const logits = new Float32Array(texts.length * classes)
  for (const [i, row] of scored.entries()) if (isScored(row)) logits.set(row.logits, i * classes)
  const reasons = scored.map((row) => (isScored(row) ? undefined : row.reason))
  const codes = scored.map((row) => (isScored(row) ? row.codes : undefined))
  return {
    logits,
    classes,
    usable: reasons.map((reason) => reason === undefined),
    reasons,
    ...(codes.some((found) => found !== undefined) && { codes }),
  }
}
