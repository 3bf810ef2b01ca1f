import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { Engine } from '@kic/engine'
import {
  dataFingerprint,
  describeMachine,
  differencesSince,
  packageVersions,
  type RunRecord,
  type RunResult,
  saveRun,
  tensorsDigest,
} from '@kic/trainer/node'
import type { Task } from '../rows/split-task.ts'
import type { TaskRow } from '../rows/task-rows.ts'
import { digestOfFolder } from '../start/digest-of-folder.ts'
import type { Teacher } from '../teacher/with-teacher.ts'
import type { ClassifierConfig } from './classifier-config.ts'
import type { FittedTask } from './fit-from.ts'
import type { TrainClassifierOptions } from './train-options.ts'
import type { Fingerprint } from './training-folder.ts'

/** The file in a model's folder that describes its training: config, rows, machine and result. */
export const RUN_FILE = 'run.json'

/** Packages whose versions affect the result. */
const PACKAGES = [
  '@kic/classifier',
  '@kic/core',
  '@kic/data',
  '@kic/engine',
  '@kic/losses',
  '@kic/nn',
  '@kic/roberta',
  '@kic/tokenizer',
  '@kic/trainer',
  '@tensorflow/tfjs',
  'onnxruntime-node',
]

/**
 * Identifies a training by its config, its loss, every row, the model that it starts from, and its teacher.
 *
 * @param from the resolved folder of that model
 */
export const fingerprintOf = async (
  config: ClassifierConfig,
  from: string | undefined,
  task: Pick<Task, 'train' | 'validation' | 'taught'>,
  { loss, source }: Pick<TrainClassifierOptions, 'loss' | 'source'>,
  teacher: Pick<Teacher, 'id'> | undefined,
): Promise<Fingerprint> => ({
  config: {
    ...config,
    ...(source !== undefined && { source }),
    ...(typeof loss === 'function' && { loss: `function ${digest(String(loss))}` }),
  },
  data: dataFingerprint(described(task)),
  initial: await digestOfFolder(from),
  teacher: teacher?.id,
})

function* described({
  train,
  validation,
  taught,
}: Pick<Task, 'train' | 'validation' | 'taught'>): Generator<string> {
  const described = (part: string, { text, labels, weight }: TaskRow): string =>
    JSON.stringify([part, text, labels, weight])
  for (const row of train) yield described('train', row)
  for (const row of validation) yield described('validation', row)
  for (const row of taught?.unlabelled ?? []) yield described('unlabelled', row)
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 12)

/** Installed packages and the machine. */
const surroundings = async (engine: Engine) => ({
  packages: await packageVersions(PACKAGES),
  machine: describeMachine(engine),
})

/** Changes since a run, one per line; each may change the last bits of a repetition. */
export const changesSince = async (
  record: RunRecord | undefined,
  engine: Engine,
): Promise<readonly string[]> =>
  record === undefined ? [] : differencesSince(record, await surroundings(engine))

/** Writes `run.json`, and returns the run's result. */
export const saveRunRecord = async (
  folder: string,
  { config, data }: Fingerprint,
  engine: Engine,
  { params, result: { steps, metrics } }: FittedTask,
): Promise<RunResult> => {
  const result = { parameters: tensorsDigest(params), steps, metrics }
  await saveRun(join(folder, RUN_FILE), { config, data, ...(await surroundings(engine)), result })
  return result
}
