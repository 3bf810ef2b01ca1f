import type { Labels } from '@kic/classification'
import type { CodeSets } from '../guarantees/code-sets.ts'
import type { Novelty } from '../guarantees/novelty.ts'
import type { LevelCode } from './level-code.ts'

/** One of the most probable classes of a text. */
export interface Candidate extends LevelCode {
  /** The code and all its ancestors, by level name. */
  readonly labels: Labels
}

/** A text with codes. */
export interface CodedText {
  /** `review` if the confidence is below `reviewBelow`. */
  readonly status: 'coded' | 'review'
  /** The classified text, after the model's preparation. */
  readonly text: string
  /** By level name, coarsest first; always one path of the classification. */
  readonly codes: Readonly<Record<string, LevelCode>>
  /** The confidence at the finest level. */
  readonly confidence: number
  /** The most probable classes of the finest level, most probable first; the first one is the answer. */
  readonly top: readonly Candidate[]
  /** Whether the text was longer than the model's input, so that its end was cut. */
  readonly truncated: boolean
  /**
   * If `coverage` is asked for: by level name, coarsest first, the codes among which the true one is so often, most probable
   * first.
   */
  readonly sets?: CodeSets | undefined
  /** How unlike the calibration rows the text is; absent for a model without guarantees. */
  readonly novelty?: Novelty | undefined
}

/**
 * The reason why a text is not classified: it is empty; it has no letters; too few of its letters are in the model's
 * script; or no part of it is in the model's vocabulary.
 */
export type UnusableReason = 'empty' | 'no-letters' | 'other-language' | 'unknown-words'

/** A text without a code. */
export interface UnusableText {
  readonly status: 'unusable'
  readonly text: string
  readonly reason: UnusableReason
}

/** The model's answer to a text. */
export type Prediction = CodedText | UnusableText
