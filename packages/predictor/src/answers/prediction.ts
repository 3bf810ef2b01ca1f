import type { Labels } from '@kic/classification'

/** A code at one level. */
export interface LevelCode {
  readonly code: string
  /** The classification's name of it. */
  readonly name: string
  /** Calibrated probability: the sum over all classes of the model below this code. */
  readonly confidence: number
}

/** One of the most probable classes of a text. */
export interface Candidate extends LevelCode {
  /** The code with everything above it, by level name. */
  readonly labels: Labels
}

/** A text that got codes. */
export interface CodedText {
  /** `review` where the confidence lies below `reviewBelow`. */
  readonly status: 'coded' | 'review'
  /** The text that was classified, as the model's preparation made it. */
  readonly text: string
  /** By level name, coarsest first; they always are one path of the classification. */
  readonly codes: Readonly<Record<string, LevelCode>>
  /** That of the finest level. */
  readonly confidence: number
  /** The most probable classes of the finest level, best first; the first one is the answer. */
  readonly top: readonly Candidate[]
  /** Whether the text was longer than the model reads, so that its end was not seen. */
  readonly truncated: boolean
}

/**
 * Why a text is not classified: nothing in it; no letters; too few letters of the script that the model learned; or
 * nothing that stands in the model's vocabulary.
 */
export type UnusableReason = 'empty' | 'no-letters' | 'other-language' | 'unknown-words'

/** A text that no code was guessed for. */
export interface UnusableText {
  readonly status: 'unusable'
  readonly text: string
  readonly reason: UnusableReason
}

/** What a model says about a text. */
export type Prediction = CodedText | UnusableText
