import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { exists } from './attempt.ts'
import { resultName } from './plan-document.ts'
import type { Stage, StageState } from './stage.ts'
import { stageKey } from './stage-key.ts'
import { stagesError } from './stages-error.ts'
import { attemptsOf } from './store-names.ts'

/** Written last. A folder that has it is complete. */
export const RECORD = 'stage.json'

/** The folder of a stage's result. Its name has a part of the key, which distinguishes results of other configs. */
export const stageFolder = (root: string, stage: Stage): string =>
  join(root, resultName(stage.name, stageKey(stage)))

/** Whether a folder is the result of a stage. */
export const isDone = (folder: string): Promise<boolean> => exists(join(folder, RECORD))

/** The state of a stage. */
export const stageState = async (root: string, stage: Stage): Promise<StageState> => {
  const folder = stageFolder(root, stage)
  if (await isDone(folder)) return 'done'
  return (await attemptsOf(folder)).length > 0 ? 'begun' : 'missing'
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
