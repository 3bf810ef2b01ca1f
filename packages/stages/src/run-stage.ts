import type { LeaseTiming } from './lease.ts'
import { describeMade, makeStage } from './make-stage.ts'
import { inOrder, type Stage } from './stage.ts'
import { isDone, stageFolder } from './stage-folder.ts'
import { stagesError } from './stages-error.ts'

/** What every way of running stages takes. */
export interface StoreOptions {
  /** The folder of all results. */
  readonly root: string
  /** Receives lines about waiting, running and finished stages. */
  readonly say: (line: string) => void
  /** Times of leases, in milliseconds. */
  readonly timing?: LeaseTiming | undefined
}

/**
 * Runs one stage, whose needs are done, and returns the folder of its result. A stage that is done is not run again.
 *
 * @param wanted the stages of the run; the stage is one of these or their needs
 * @throws KicError `stages/unknown`, `stages/needs` with the names of those that are not done, `stages/name`, and what
 *   the stage throws
 */
export const runStage = async (
  wanted: readonly Stage[],
  name: string,
  options: StoreOptions,
): Promise<string> => {
  const { root, say } = options
  const order = inOrder(wanted)
  const stage = order.find((one) => one.name === name)
  if (stage === undefined)
    throw stagesError(
      'stages/unknown',
      `runStage: a stage must be one of ${order.map((one) => one.name).join(', ')}, received '${name}'. Give one of these.`,
    )
  const folder = stageFolder(root, stage)
  if (await isDone(folder)) {
    say(`${name} is already done: ${folder}`)
    return folder
  }
  const missing: string[] = []
  for (const need of Object.values(stage.needs))
    if (!(await isDone(stageFolder(root, need)))) missing.push(need.name)
  if (missing.length > 0)
    throw stagesError(
      'stages/needs',
      `runStage: the needs of ${name} must be done in ${root}, received none of ${missing.join(', ')}. Run these first, or give the store that has them.`,
    )
  await stage.check?.(say)
  return runInStore(stage, name, options)
}

/** Runs a stage whose needs are done. */
export const runInStore = async (
  stage: Stage,
  label: string,
  { root, say, timing }: StoreOptions,
): Promise<string> => {
  const inputs = Object.fromEntries(
    Object.entries(stage.needs).map(([role, need]) => [role, stageFolder(root, need)]),
  )
  const run = (folder: string): Promise<void> => stage.run({ folder, inputs, label: () => label })
  const made = await makeStage(root, stage, run, { say, timing })
  say(`${label} ${describeMade(made)}: ${made.folder}`)
  return made.folder
}
