import type { EngineChoice } from '@kic/engine'
import type { Recipe } from './recipe.ts'

/** What a run of a recipe is told. */
export interface RunRecipeOptions {
  readonly recipe: Recipe
  /** A path or `naics`; without it the project's own dataset. */
  readonly data?: string | undefined
  /** Where results go; stages lie in `stages/` below it. */
  readonly output: string
  readonly engine: EngineChoice
  readonly seed: number
  /** Names of the members that are made and vote; default: all. */
  readonly only?: readonly string[] | undefined
  /** Whether to say what would be done, and do nothing. */
  readonly dryRun?: boolean | undefined
  /** Stages that run at once. */
  readonly jobs?: number | undefined
  readonly say: (line: string) => void
}
