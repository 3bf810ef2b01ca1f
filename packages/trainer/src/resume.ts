import { KicError } from '@kic/core'
import type { HostTensors } from '@kic/safetensors'
import { type BatchSource, batchFingerprint, type MicroBatch } from './batches/batch-source.ts'
import type { Checkpoint, RunState } from './checkpoints/checkpoint.ts'
import type { TrainerErrorCode } from './error-code.ts'
import type { CheckpointOptions, TrainOptions } from './train-options.ts'

/** The initial state of a run that is not resumed. */
export const initialState = (seed: number): RunState => ({
  seed,
  step: 0,
  epoch: 0,
  position: 0,
  examples: 0,
  epochLoss: { sum: 0, count: 0 },
  epochs: [],
  evaluations: [],
  best: null,
  patience: { value: null, since: 0 },
  stopped: null,
  fingerprint: 0,
  lastMicroBatches: 0,
})

/**
 * The checkpoint to resume from, if there is one and it was requested.
 *
 * @throws KicError `trainer/checkpoints-exist` if a run that is not resumed would mix its checkpoints with others
 */
export const resumePoint = async ({
  store,
  resume = false,
}: CheckpointOptions): Promise<{ checkpoint: Checkpoint; path: string } | undefined> => {
  await store.prepare()
  if (resume) return store.latest()
  const steps = await store.steps()
  if (steps.length === 0) return undefined
  throw new KicError<TrainerErrorCode>(
    'trainer/checkpoints-exist',
    `train: a new run needs a folder without checkpoints, received ${store.location} with checkpoints (newest: step ${steps.at(-1)}). Set resume: true to continue from ` +
      'there, or choose another folder.',
  )
}

/**
 * Checks that a checkpoint belongs to this run: seed, parameters, and the batches of its last update.
 *
 * @throws KicError `trainer/resume-mismatch` with the difference
 */
export const checkResumable = async (
  { state, params }: Checkpoint,
  options: Pick<TrainOptions, 'seed' | 'params' | 'batches'>,
): Promise<void> => {
  if (state.seed !== options.seed) throw mismatch(`seed ${state.seed}, now ${options.seed}`)
  const difference = differentTensor(params, options.params)
  if (difference !== undefined) throw mismatch(difference)
  if (state.step === 0) return
  const now = batchFingerprint(await lastUpdate(state, options.batches))
  if (now !== state.fingerprint) {
    throw mismatch(`other rows or tokens in the batches of step ${state.step}`)
  }
}

/** The micro-batches of the update after which a state was saved. */
const lastUpdate = async (state: RunState, source: BatchSource): Promise<MicroBatch[]> => {
  const epoch = state.position === 0 ? state.epoch - 1 : state.epoch
  const batches = source.epoch(epoch)
  const end = state.position === 0 ? batches.length : state.position
  if (end > batches.length)
    throw mismatch(`${end} batches done in epoch ${epoch}, which has ${batches.length} now`)
  const result: MicroBatch[] = []
  for (let index = Math.max(0, end - state.lastMicroBatches); index < end; index++) {
    result.push(await batches.batch(index))
  }
  return result
}

const differentTensor = (saved: HostTensors, given: HostTensors): string | undefined => {
  const names = new Set([...Object.keys(saved), ...Object.keys(given)])
  for (const name of names) {
    const [a, b] = [saved[name], given[name]]
    if (a === undefined) return `no parameter "${name}"`
    if (b === undefined) return `a parameter "${name}", which the run does not have`
    if (a.dtype !== b.dtype || String(a.shape) !== String(b.shape)) {
      return `"${name}" as ${a.dtype} [${a.shape}], now ${b.dtype} [${b.shape}]`
    }
  }
  return undefined
}

const mismatch = (what: string): KicError =>
  new KicError<TrainerErrorCode>(
    'trainer/resume-mismatch',
    `train: the checkpoint must be of this run, received one of another run: it has ${what}. Resume with the same model, data, seed and batch options, ` +
      'or use another folder.',
  )
