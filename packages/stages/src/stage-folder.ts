import { access, mkdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { writeFileAtomic } from '@kic/core/node'
import { type Stage, stageKey } from './stage.ts'

/** Written last: a folder that has it is whole. */
const RECORD = 'stage.json'

/** `done`: use it. `begun`: an interrupted attempt can go on. */
export type StageState = 'done' | 'begun' | 'missing'

/** Where a stage's result lies: its name, and enough of its key to tell results of other configs apart. */
export const stageFolder = (root: string, stage: Stage): string =>
  join(root, `${stage.name.replace('/', '-')}-${stageKey(stage).slice(0, 12)}`)

/** Where it is being made. */
const unfinished = (folder: string): string => `${folder}.unfinished`

export const stageState = async (root: string, stage: Stage): Promise<StageState> => {
  const folder = stageFolder(root, stage)
  if (await exists(join(folder, RECORD))) return 'done'
  return (await exists(unfinished(folder))) ? 'begun' : 'missing'
}

/**
 * Runs `make` in an unfinished folder, which appears under its name only when all of it is there. An interrupted attempt
 * leaves the unfinished folder for the next one.
 */
export const makeStage = async (
  root: string,
  stage: Stage,
  make: (folder: string) => Promise<void>,
): Promise<{ readonly folder: string; readonly seconds: number }> => {
  const folder = stageFolder(root, stage)
  const started = performance.now()
  await mkdir(unfinished(folder), { recursive: true })
  await make(unfinished(folder))
  const seconds = (performance.now() - started) / 1000
  const { name, version, config, needs } = stage
  const record = {
    name,
    version,
    key: stageKey(stage),
    config,
    needs: Object.fromEntries(Object.entries(needs).map(([role, need]) => [role, stageFolder('', need)])),
    seconds: Math.round(seconds),
    finished: new Date().toISOString(),
  }
  await writeFileAtomic(join(unfinished(folder), RECORD), `${JSON.stringify(record, null, 2)}\n`)
  await rename(unfinished(folder), folder)
  return { folder, seconds }
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )
