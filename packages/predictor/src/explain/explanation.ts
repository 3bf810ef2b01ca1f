import type { Candidate, UnusableText } from '../answers/prediction.ts'

/** A number for the first and one for the second answer. */
export interface AnswerWeights {
  readonly first: number
  /** 0 if there is no second answer. */
  readonly second: number
}

/** A character of a text, with its evidence for the first and the second answer, in nats; negative if it is against it. */
export interface CharacterWeight extends AnswerWeights {
  /** A code point. */
  readonly character: string
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

/** A coded text that is similar to the explained one. */
export interface Example {
  readonly text: string
  readonly code: string
  /** Its name in the classification. */
  readonly name: string
  /** The cosine of the texts' n-grams: 1 for equal texts, and above 0. */
  readonly similarity: number
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
  /**
   * The source of the weights. `additive`: the model's score is a sum over n-grams, and each character has its share: base and
   * weights sum up to the total. `occlusion`: a linear approximation of the answers to the text without some characters;
   * a weight estimates by how much the character raises the answer's log-probability.
   */
  readonly method: 'additive' | 'occlusion'
  /** One per code point of `text`; white space has no weight. */
  readonly characters: readonly CharacterWeight[]
  /** Of `additive`: what no character contributes, such as the prior. */
  readonly base?: AnswerWeights | undefined
  /**
   * Of `additive`: the calibrated score of each answer less the mean score of all classes, in nats. The two differ by
   * ln(first.confidence / second.confidence).
   */
  readonly total?: AnswerWeights | undefined
  readonly strongest: Strongest
  /** The nearest coded texts, most similar first; `undefined` if the model's folder keeps none. */
  readonly examples?: readonly Example[] | undefined
}

export type Explanation = ExplainedText | UnusableText
