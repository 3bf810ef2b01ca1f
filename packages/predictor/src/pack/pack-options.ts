import type { BudgetName, EnsembleInput } from '@kic/ensemble'
import type { FolderOptions } from '../model/folder-options.ts'
import type { CardFacts } from '../model/model-card.ts'
import type { Calibration } from '../model/model-notes.ts'
import type { Precision } from '../model/weights.ts'

/** A model that becomes a member. */
export interface PackedMember {
  /** Its name among the members, and its folder's below `members/`: letters, digits, `.`, `_` and `-`. */
  readonly name: string
  /** The folder of the model. */
  readonly folder: string
  /** How much its vote counts; default 1. */
  readonly weight?: number | undefined
  /** Applied before soft votes; default: that of its calibration, or 1. */
  readonly temperature?: number | undefined
}

/** Members that vote within a budget, with what was measured of them. */
export interface PackedBudget {
  readonly members: readonly {
    readonly name: string
    readonly weight: number
    readonly temperature: number
  }[]
  /** Share of right answers at the finest level. */
  readonly accuracy: number
  readonly rowsPerSecond: number
  readonly calibration?: Calibration | undefined
}

export interface PackEnsembleOptions extends FolderOptions {
  readonly members: readonly PackedMember[]
  /** Default `path`, whose levels never contradict each other. */
  readonly scheme?: EnsembleInput['scheme'] | undefined
  /**
   * Of the scheme `stacked`: for each level a weight for every member, in the order of `members`, and numbers for classes in
   * the order of the classification; a result of `stackEnsemble` of `@kic/ensemble`. Members then have no weight of their own.
   */
  readonly stacks?: EnsembleInput['stacks'] | undefined
  /** What soft votes average; default `probability`. */
  readonly space?: EnsembleInput['space'] | undefined
  /** Temperature and validation curve of the vote; default: those of a budget that votes like the whole ensemble. */
  readonly calibration?: Calibration | undefined
  readonly budgets?: { readonly [Budget in BudgetName]?: PackedBudget | undefined } | undefined
  /** ONNX file to take from networks; default: the first of int8, float32 and float16 in each folder. */
  readonly precision?: Precision | undefined
  /** For `README.md`; the default licence is that of the members, where all state the same. */
  readonly card?: CardFacts | undefined
}
