import type { Effort } from './effort.ts'
import { stagesError } from './stages-error.ts'

/** Values that a stage's config may hold; a name with undefined is as good as none. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [name: string]: Json | undefined }

/** Where a stage works. */
export interface StageWork {
  /** The stage's own folder. What an interrupted attempt left is still there: resume from it. */
  readonly folder: string
  /** Folders of the needed stages, by role. */
  readonly inputs: Readonly<Record<string, string>>
  /** `[3/31, 12m gone, about 40m left] member/large-tapt` at the moment, for progress displays. */
  readonly label: () => string
}

/** One step of a recipe: a pure function from its config and the folders it needs to a folder. */
export interface Stage {
  /** Unique in its recipe, `kind/what`; letters, digits, dots, dashes and one slash. */
  readonly name: string
  /** Rises when the stage's code computes something else: results of older code are then made anew. */
  readonly version: number
  /** All that decides the result, beside the needed stages. */
  readonly config: Json
  /** What it reads, by role. */
  readonly needs: Readonly<Record<string, Stage>>
  /** Bytes that it occupies while it runs, roughly. */
  readonly memory: number
  /** What its time is estimated by; absent where it takes next to none. */
  readonly effort?: Effort | undefined
  /** Throws what would make the stage fail and can be known before any stage runs; downloads what it needs. */
  readonly check?: ((say: (line: string) => void) => Promise<void>) | undefined
  readonly run: (work: StageWork) => Promise<void>
}

/** `done`: its result is there. `begun`: an interrupted attempt can resume. */
export type StageState = 'done' | 'begun' | 'missing'

/**
 * All stages that lead to some, each after what it needs.
 *
 * @throws KicError `stages/name` for a bad name, or one that two stages have.
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
    if (!/^[a-z][a-z0-9.-]*(\/[a-z][a-z0-9.-]*)?$/.test(stage.name)) {
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
