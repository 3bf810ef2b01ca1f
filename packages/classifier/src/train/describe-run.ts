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
import type { ClassifierConfig } from './classifier-config.ts'
import type { FittedTask } from './fit-task.ts'
import type { TrainClassifierOptions } from './train-options.ts'
import type { Fingerprint } from './training-folder.ts'

/** The file in a model's folder that repeats its training: config, rows, machine, and what it came to. */
export const RUN_FILE = 'run.json'

/** What decides whether two installations compute alike. */
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

/** What makes a training another one: its config, its preparation, its loss, and every row. */
export const fingerprintOf = (
  config: ClassifierConfig,
  task: Pick<Task, 'train' | 'validation'>,
  { loss, source }: Pick<TrainClassifierOptions, 'loss' | 'source'>,
): Fingerprint => ({
  config: {
    ...config,
    ...(source !== undefined && { source }),
    ...(typeof loss === 'function' && { loss: `function ${digest(String(loss))}` }),
  },
  data: dataFingerprint(described(task)),
})

function* described({ train, validation }: Pick<Task, 'train' | 'validation'>): Generator<string> {
  const described = (part: string, { text, labels, weight }: TaskRow): string =>
    JSON.stringify([part, text, labels, weight])
  for (const row of train) yield described('train', row)
  for (const row of validation) yield described('validation', row)
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 12)

/** What a run computes on. */
const surroundings = async (engine: Engine) => ({
  packages: await packageVersions(PACKAGES),
  machine: describeMachine(engine),
})

/** What has changed since a run: each line is a reason why a repetition may differ in its last bits. */
export const changesSince = async (
  record: RunRecord | undefined,
  engine: Engine,
): Promise<readonly string[]> =>
  record === undefined ? [] : differencesSince(record, await surroundings(engine))

/** Writes `run.json`, and returns what the run came to. */
export const saveRunRecord = async (
  folder: string,
  fingerprint: Fingerprint,
  engine: Engine,
  { params, result: { steps, metrics } }: FittedTask,
): Promise<RunResult> => {
  const result = { parameters: tensorsDigest(params), steps, metrics }
  await saveRun(join(folder, RUN_FILE), { ...fingerprint, ...(await surroundings(engine)), result })
  return result
}
