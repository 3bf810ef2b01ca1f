import type { Effort } from './effort.ts'
import { stagesError } from './stages-error.ts'

/** Values of a stage's config. An undefined property counts as absent. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [name: string]: Json | undefined }

/** The input of a running stage. */
export interface StageWork {
  /** The stage's own folder. It still has the files of an interrupted attempt: resume from them. */
  readonly folder: string
  /** Folders of the needed stages, by role. */
  readonly inputs: Readonly<Record<string, string>>
  /** The current progress, such as `[3/31, 12m elapsed, about 40m left] member/large-tapt`, for progress displays. */
  readonly label: () => string
}

/** What a stage may be called. */
export const STAGE_NAME = /^[a-z][a-z0-9.-]*(\/[a-z][a-z0-9.-]*)?$/

/** One step of a recipe: a pure function from its config and the folders of its needs to a folder. */
export interface Stage {
  /** Unique in its recipe, as `kind/name`; letters, digits, dots, dashes and one slash. */
  readonly name: string
  /** Raise it when the stage's code computes something else; results of older code are then recomputed. */
  readonly version: number
  /** Everything that determines the result, besides the needed stages. */
  readonly config: Json
  /** The stages whose results it reads, by role. */
  readonly needs: Readonly<Record<string, Stage>>
  /** Approximate memory of the running stage, in bytes. */
  readonly memory: number
  /** The work, for estimating its time; absent if it takes almost none. */
  readonly effort?: Effort | undefined
  /** Checks the stage before any stage runs, downloads its inputs, and throws if the stage would fail. */
  readonly check?: ((say: (line: string) => void) => Promise<void>) | undefined
  readonly run: (work: StageWork) => Promise<void>
}

/** `done`: its result exists. `begun`: an interrupted attempt can resume. */
export type StageState = 'done' | 'begun' | 'missing'

/**
 * The given stages and their needs, each after its needs.
 *
 * @throws KicError `stages/name` for an invalid name, or one of two stages
 */
export const inOrder = (wanted: readonly Stage[]): Stage[] => {
  const byName = new Map<string, Stage>()
  const visit = (stage: Stage): void => {
    const known = byName.get(stage.name)
    if (known === stage) return
    if (known !== undefined) {
      throw stagesError(
        'stages/name',
        `inOrder: every stage must have a name of its own, received '${stage.name}' twice. Rename one.`,
      )
    }
    if (!STAGE_NAME.test(stage.name)) {
      throw stagesError(
        'stages/name',
        `inOrder: a stage's name must begin with a lower-case letter and have lower-case letters, digits, dots, dashes and at most one slash, received '${stage.name}'. Rename it.`,
      )
    }
    for (const need of Object.values(stage.needs)) visit(need)
    byName.set(stage.name, stage)
  }
  for (const stage of wanted) visit(stage)
  return [...byName.values()]
}
