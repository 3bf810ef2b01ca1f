import type { UnusableReason } from './prediction.ts'

/** A text that cannot be used. */
export interface RefusedText {
  /** As the model's preparation makes it. */
  readonly text: string
  readonly reason: UnusableReason
}

/** A text with its scores. */
export interface ScoredText {
  /** As the model's preparation makes it. */
  readonly text: string
  /** [C], before calibration. */
  readonly logits: Float32Array
  /** Whether the text was longer than the model reads. */
  readonly truncated: boolean
}

/** Whether a text could be used. */
export const isScored = (row: ScoredText | RefusedText): row is ScoredText => 'logits' in row

/**
 * Scores of texts, in their order. Calls may overlap.
 *
 * @param alone whether they share no batch with texts of other calls, so that scores depend on them alone
 * @throws the signal's reason, KicError `predictor/disposed`
 */
export type ScoreTexts = (
  texts: readonly string[],
  signal: AbortSignal | undefined,
  alone: boolean,
) => Promise<readonly (ScoredText | RefusedText)[]>
