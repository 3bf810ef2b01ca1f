import type { Candidate, UnusableText } from '../answers/prediction.ts'

/** A character of a text, with its weights. */
export interface CharacterWeight {
  /** A code point. */
  readonly character: string
  /** Its evidence for the first answer: by how much it raises the log-probability, in nats; negative if it lowers it. */
  readonly first: number
  /** Its evidence for the second answer; 0 if there is none. */
  readonly second: number
}

/** The characters whose removal costs the first answer most. */
export interface Strongest {
  /** Their places among the characters, ascending. */
  readonly places: readonly number[]
  /** The text without them. */
  readonly text: string
  /** The confidence in the first answer that is left; 0 if the rest of the text is unusable. */
  readonly confidence: number
}

/** The reasons for an answer. */
export interface ExplainedText {
  readonly status: 'explained'
  /** The classified text, after the model's preparation. */
  readonly text: string
  /** The answer at the finest level. */
  readonly first: Candidate
  /** The next most probable class; `undefined` for a model of one class. */
  readonly second: Candidate | undefined
  /** One per code point of `text`; white space has no weight. */
  readonly characters: readonly CharacterWeight[]
  readonly strongest: Strongest
}

export type Explanation = ExplainedText | UnusableText
