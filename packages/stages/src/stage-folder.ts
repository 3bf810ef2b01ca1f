import { access, mkdir, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { writeFileAtomic } from '@kic/core/node'
import type { Stage, StageState } from './stage.ts'
import { stageKey } from './stage-key.ts'
import { stagesError } from './stages-error.ts'

/** Written last: a folder that has it is whole. */
const RECORD = 'stage.json'

/** Where a stage's result lies: its name, and enough of its key to tell results of other configs apart. */
export const stageFolder = (root: string, stage: Stage): string =>
  join(root, `${stage.name.replace('/', '-')}-${stageKey(stage).slice(0, 12)}`)

/** Where it is being made. */
const unfinished = (folder: string): string => `${folder}.unfinished`

/** Whether a stage has to run. */
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

/** What a finished stage's folder tells of it. */
export interface StageRecord {
  readonly name: string
  /** How long it ran, in the attempt that finished. */
  readonly seconds: number
}

/**
 * The record of a finished stage.
 *
 * @throws KicError `stages/record` where the folder is not that of a finished stage
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
