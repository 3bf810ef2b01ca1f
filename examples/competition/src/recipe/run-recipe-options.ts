import type { EngineChoice } from '@kic/engine'
import type { Shard } from '@kic/stages'
import type { Combination } from './combine-members.ts'
import type { Recipe } from './recipe.ts'
import type { Refit } from './refit.ts'

/** Options of a run. */
export interface RunRecipeOptions {
  readonly recipe: Recipe
  /** A path or `naics`; default: the project's own dataset. */
  readonly data?: string | undefined
  /** Rows to generate and train on beside those of `data`; default 0. */
  readonly mixGenerated?: number | undefined
  /** Whether the names of groups and divisions are further training rows; default false. */
  readonly classNames?: boolean | undefined
  /** Folder of the results. */
  readonly output: string
  /** Folder of the stages, which several processes and machines may share; default: `stages/` in `output`. */
  readonly store?: string | undefined
  readonly engine: EngineChoice
  readonly seed: number
  /** Names of the members that are trained and vote; default: all. */
  readonly only?: readonly string[] | undefined
  /** Whether to describe the stages without running them. */
  readonly dryRun?: boolean | undefined
  /** A plan's file. It is written, and nothing runs; with `stage` or `shard` it is read. */
  readonly plan?: string | undefined
  /** Name of the only stage to run. */
  readonly stage?: string | undefined
  /** The only part of the plan to run. */
  readonly shard?: Shard | undefined
  /** Bytes that a training may take on its device: micro-batches become smaller where it takes more. Default: no limit. */
  readonly memory?: number | undefined
  /** Number of stages at once. */
  readonly jobs?: number | undefined
  /** Whose answers the submission has: those of the published scheme (default), or of the chosen ensemble. */
  readonly submit?: 'published' | 'chosen' | undefined
  /** How the chosen ensemble combines its members; default `auto`, whichever is better on validation rows. */
  readonly combine?: Combination | undefined
  /** Which voters of the chosen ensemble are trained again on training and validation rows; default: the recipe's. */
  readonly refit?: Refit | undefined
  readonly say: (line: string) => void
}
