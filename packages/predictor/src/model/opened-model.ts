import type { ModelInfo } from '../answers/predictor-info.ts'
import type { OwnReasons } from '../explain/own-reasons.ts'
import type { SharedTokens } from '../run/shared-tokens.ts'
import type { TextScorer } from '../run/text-scorer.ts'
import type { TaskFacts } from './task-facts.ts'

/** How a model runs. */
export interface ScorerOptions {
  /** Texts per batch; default 64. */
  readonly batchSize?: number | undefined
  /** Token rows that several networks have in common. */
  readonly tokens?: SharedTokens | undefined
}

/** A model, ready to run. */
export interface OpenedModel extends TaskFacts, OwnReasons {
  readonly name: string
  readonly info: ModelInfo
  /** Its disposal frees the model. */
  createScorer(options?: ScorerOptions): TextScorer
  /** Frees a model without a scorer. */
  release(): Promise<void>
}
