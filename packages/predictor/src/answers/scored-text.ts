import type { Labels } from '@kic/classification'
import type { CallSignal } from './call-signal.ts'
import type { UnusableReason } from './prediction.ts'

/** A text that the model cannot use. */
export interface RefusedText {
  /** The prepared text. */
  readonly text: string
  readonly reason: UnusableReason
}

/** A text and its scores. */
export interface ScoredText {
  /** The prepared text. */
  readonly text: string
  /** [C], before calibration. */
  readonly logits: Float32Array
  /** Of an ensemble: the code at each level, by level name. A model's are its most probable class and the codes above it. */
  readonly codes?: Labels | undefined
  /** Whether the text was longer than the model's input. */
  readonly truncated: boolean
}

/** Whether a text has scores. */
export const isScored = (row: ScoredText | RefusedText): row is ScoredText => 'logits' in row

/**
 * Scores of texts, in order. Calls may overlap.
 *
 * @param alone whether the texts share no batch with other calls, so that their scores depend on each other alone
 * @throws the signal's reason, KicError `predictor/disposed`
 */
export type ScoreTexts = (
  texts: readonly string[],
  signal: CallSignal | undefined,
  alone: boolean,
) => Promise<readonly (ScoredText | RefusedText)[]>
