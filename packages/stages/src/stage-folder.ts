import { access, mkdir, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { writeFileAtomic } from '@kic/core/node'
import type { Stage, StageState } from './stage.ts'
import { stageKey } from './stage-key.ts'
import { stagesError } from './stages-error.ts'

/** Written last. A folder that has it is complete. */
const RECORD = 'stage.json'

/** The folder of a stage's result. Its name has a part of the key, which distinguishes results of other configs. */
export const stageFolder = (root: string, stage: Stage): string =>
  join(root, `${stage.name.replace('/', '-')}-${stageKey(stage).slice(0, 12)}`)

/** The folder of an unfinished result. */
const unfinished = (folder: string): string => `${folder}.unfinished`

/** The state of a stage. */
export const stageState = async (root: string, stage: Stage): Promise<StageState> => {
  const folder = stageFolder(root, stage)
  if (await exists(join(folder, RECORD))) return 'done'
  return (await exists(unfinished(folder))) ? 'begun' : 'missing'
}

/**
 * Runs `make` in an unfinished folder, which gets its final name only when it is complete. An interrupted attempt leaves its
 * unfinished folder to the next one.
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

/** The record in the folder of a finished stage. */
export interface StageRecord {
  readonly name: string
  /** Seconds of the attempt that finished. */
  readonly seconds: number
}

/**
 * The record of a finished stage.
 *
 * @throws KicError `stages/record` if the folder is not that of a finished stage
 */
export const readStageRecord = async (folder: string): Promise<StageRecord> => {
  const path = join(folder, RECORD)
  const json: unknown = await readFile(path, 'utf8')
    .then(JSON.parse)
    .catch(() => undefined)
  const { name, seconds }: Partial<Record<keyof StageRecord, unknown>> = Object(json)
  if (typeof name === 'string' && typeof seconds === 'number') return { name, seconds }
  throw stagesError(
    'stages/record',
    `readStageRecord: ${path} must be the record of a finished stage, received something else. Remove the folder to run the stage again.`,
  )
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )
