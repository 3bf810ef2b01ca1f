import type { AnswerWeights, CharacterWeight } from './explanation.ts'

/** The weights of an explanation. */
export interface Evidence {
  readonly method: 'additive' | 'occlusion'
  readonly characters: readonly CharacterWeight[]
  readonly base?: AnswerWeights | undefined
  readonly total?: AnswerWeights | undefined
}
