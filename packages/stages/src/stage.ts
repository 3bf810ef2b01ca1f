import { createHash } from 'node:crypto'
import { KicError } from '@kic/core'
import type { Effort } from './effort.ts'

/** Values that a stage's config may hold. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json }

/** Where a stage works. */
export interface StageWork {
  /** The stage's own folder. What an interrupted attempt left is still there: go on from it. */
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
  readonly effort?: Effort
  /** Throws what would make the stage fail and can be known before any stage runs; downloads what it needs. */
  readonly check?: ((say: (line: string) => void) => Promise<void>) | undefined
  readonly run: (work: StageWork) => Promise<void>
}

/**
 * All stages that lead to some, each after what it needs.
 *
 * @throws KicError `example/stage-name` for a bad name or two stages of one name.
 */
export const inOrder = (wanted: readonly Stage[]): Stage[] => {
  const byName = new Map<string, Stage>()
  const visit = (stage: Stage): void => {
    const known = byName.get(stage.name)
    if (known === stage) return
    if (known !== undefined) {
      throw new KicError('example/stage-name', `stages: two of them have the name '${stage.name}'`)
    }
    if (!/^[a-z][a-z0-9.-]*(\/[a-z][a-z0-9.-]*)?$/.test(stage.name)) {
      throw new KicError(
        'example/stage-name',
        `stages: '${stage.name}' is no name; use lower-case letters, digits, dots, dashes and one slash`,
      )
    }
    for (const need of Object.values(stage.needs)) visit(need)
    byName.set(stage.name, stage)
  }
  for (const stage of wanted) visit(stage)
  return [...byName.values()]
}

/** What a result is known by: a digest of name, version, config, and the keys of everything needed. */
export const stageKey = ({ name, version, config, needs }: Stage): string =>
  createHash('sha256')
    .update(
      canonical({
        name,
        version,
        config,
        needs: Object.fromEntries(Object.entries(needs).map(([role, need]) => [role, stageKey(need)])),
      }),
    )
    .digest('hex')

/** JSON whose objects have their names in order. */
const canonical = (value: Json): string => {
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (isList(value)) return `[${value.map(canonical).join()}]`
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([name, one]) => `${JSON.stringify(name)}:${canonical(one)}`).join()}}`
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value)
