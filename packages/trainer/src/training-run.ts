import type { PlacedParams, TrainStep } from '@kic/engine'
import type { HostTensors } from '@kic/safetensors'
import { batchFingerprint, type EpochBatches, type MicroBatch } from './batches/batch-source.ts'
import { decidingValue, isBetter } from './best-metric.ts'
import type { BestRecord, Checkpoint, RunState } from './checkpoints/checkpoint.ts'
import { copyTensors } from './copy-tensors.ts'
import { type Interval, isDue } from './interval.ts'
import { checkFinite } from './non-finite.ts'
import type { PlacedAverage } from './optimization/placed-average.ts'
import type { Schedule } from './optimization/schedules.ts'
import type { TrainOptions } from './train-options.ts'
import type { StopReason, TrainCallbacks } from './watching/callbacks.ts'

/** The parts of a run besides its options. */
export interface RunParts {
  readonly placed: PlacedParams
  readonly step: TrainStep
  readonly average: PlacedAverage | undefined
  readonly schedule: Schedule
  readonly totalSteps: number
  readonly state: RunState
  /** The path of the checkpoint that the run was resumed from. */
  readonly resumedFrom: string | undefined
}

const EVERY_EPOCH: Interval = { everyEpochs: 1 }

/** A run: its state, and the methods that advance it. */
export class TrainingRun {
  state: RunState
  /** Parameters of the best evaluation, if no store has them. */
  #bestParams: HostTensors | undefined
  #lastCheckpoint: string | undefined
  #savedStep: number
  #lastBatches: readonly MicroBatch[] = []
  readonly #options: TrainOptions
  readonly #parts: RunParts

  constructor(options: TrainOptions, parts: RunParts) {
    this.#options = options
    this.#parts = parts
    this.state = parts.state
    this.#lastCheckpoint = parts.resumedFrom
    this.#savedStep = parts.resumedFrom === undefined ? -1 : parts.state.step
  }

  /** Trains to the end, and makes the remaining evaluations and saves. */
  async run(): Promise<StopReason> {
    const { step, epoch } = this.state
    await this.#tell((callbacks) => callbacks.onStart?.({ step, epoch, totalSteps: this.#parts.totalSteps }))
    let reason = this.#stopReason()
    while (reason === undefined) {
      await this.#trainEpoch(this.#options.batches.epoch(this.state.epoch))
      reason = this.#stopReason()
    }
    if (reason === 'finished' && this.state.evaluations.at(-1)?.step !== this.state.step)
      await this.#evaluate()
    if (this.#savedStep !== this.state.step) await this.#save()
    const stopped = reason
    await this.#tell((callbacks) =>
      callbacks.onEnd?.({ step: this.state.step, epoch: this.epochs(), stopped }),
    )
    return reason
  }

  /** Number of epochs, with a fraction. */
  epochs(): number {
    if (this.state.position === 0) return this.state.epoch
    return this.state.epoch + this.state.position / this.#options.batches.epoch(this.state.epoch).length
  }

  /** The parameters of the best evaluation; the record does not contain them. */
  async loadBest({ step }: BestRecord): Promise<HostTensors> {
    const store = this.#options.checkpoints?.store
    return store === undefined ? (this.#bestParams ?? {}) : store.loadBest(step)
  }

  #stopReason(): StopReason | undefined {
    const { epochs = Number.POSITIVE_INFINITY, maxSteps = Number.POSITIVE_INFINITY, signal } = this.#options
    if (this.state.stopped !== null) return this.state.stopped
    if (this.state.epoch >= epochs || this.state.step >= maxSteps) return 'finished'
    return signal?.aborted ? 'aborted' : undefined
  }

  async #trainEpoch(batches: EpochBatches): Promise<void> {
    const { accumulation = 1, prefetch = 1 } = this.#options
    const epoch = this.state.epoch
    let position = this.state.position
    const ahead: Promise<MicroBatch[]>[] = []
    /** Prepares batches for several updates, so that the engine does not wait for sources that read or tokenize. */
    const fill = (updates: number): void => {
      for (; ahead.length < updates && position < batches.length; position += accumulation) {
        const prepared = this.#prepare(batches, position, accumulation)
        // It is awaited later, or never if the run ends before.
        prepared.catch(() => undefined)
        ahead.push(prepared)
      }
    }
    while (this.state.epoch === epoch && this.#stopReason() === undefined) {
      const start = performance.now()
      fill(1)
      const microBatches = (await ahead.shift()) ?? []
      const updating = this.#update(microBatches, batches.length, start)
      fill(prefetch)
      await updating
    }
  }

  async #prepare(batches: EpochBatches, position: number, count: number): Promise<MicroBatch[]> {
    const end = Math.min(batches.length, position + count)
    const result: MicroBatch[] = []
    for (let index = position; index < end; index++) result.push(await batches.batch(index))
    return result
  }

  /** One update, and everything due after it. */
  async #update(microBatches: readonly MicroBatch[], length: number, start: number): Promise<void> {
    const { learningRate: peak, accumulationMean = 'exact' } = this.#options
    const counts = microBatches.map(({ rows, count }) => count ?? rows.length)
    const given = counts.reduce((a, b) => a + b, 0)
    const learningRate = peak * this.#parts.schedule(this.state.step)
    const result = await this.#parts.step(
      microBatches.map(({ feeds }) => feeds),
      {
        learningRate,
        accumulationMean,
        weights: given > 0 ? counts : undefined,
        rowName: (row, microBatch) => this.#rowName(microBatches[microBatch], row),
      },
    )
    checkFinite(result, this.state.step + 1, microBatches, this.#lastCheckpoint, this.#options.rowName)
    const epochsBefore = this.state.epoch + this.state.position / length
    const examples = microBatches.reduce((sum, { rows }) => sum + rows.length, 0)
    const { sum, count: counted } = this.state.epochLoss
    // An epoch's loss is a mean as its updates are: over the declared weights, or otherwise over counts.
    const count = (accumulationMean === 'exact' ? result.weight : undefined) ?? given
    this.#lastBatches = microBatches
    this.state = {
      ...this.state,
      step: this.state.step + 1,
      position: this.state.position + microBatches.length,
      examples: this.state.examples + examples,
      epochLoss: { sum: sum + result.loss * count, count: counted + count },
    }
    const { step } = this.state
    const epochs = this.state.epoch + this.state.position / length
    await this.#parts.average?.update(step)
    const seconds = (performance.now() - start) / 1000
    const { totalSteps } = this.#parts
    const { loss, gradNorm, outputs } = result
    const event = {
      step,
      totalSteps,
      epoch: epochs,
      loss,
      gradNorm,
      learningRate,
      examples,
      seconds,
      outputs,
    }
    await this.#tell((callbacks) => callbacks.onStep?.(event))
    if (this.state.position >= length) await this.#endEpoch()
    const at = { step, epochsBefore, epochs }
    if (isDue(this.#options.evaluate?.every ?? EVERY_EPOCH, at)) await this.#evaluate()
    if (isDue(this.#options.checkpoints?.every ?? EVERY_EPOCH, at)) await this.#save()
  }

  /** The name of a micro-batch's row: the caller's name. A filler row has the name of the first row. */
  #rowName(microBatch: MicroBatch | undefined, row: number): string {
    const number = microBatch?.rows[row] ?? microBatch?.rows[0]
    return number === undefined ? String(row) : (this.#options.rowName ?? String)(number)
  }

  async #endEpoch(): Promise<void> {
    const { epoch, epochLoss, epochs } = this.state
    const record = { epoch, loss: epochLoss.count > 0 ? epochLoss.sum / epochLoss.count : 0 }
    this.state = {
      ...this.state,
      epoch: epoch + 1,
      position: 0,
      epochLoss: { sum: 0, count: 0 },
      epochs: [...epochs, record],
    }
    await this.#tell((callbacks) => callbacks.onEpochEnd?.(record))
  }

  async #evaluate(): Promise<void> {
    const { evaluate, engine } = this.#options
    if (evaluate === undefined) return
    const { step } = this.state
    await this.#tell((callbacks) => callbacks.onEvaluateStart?.({ step }))
    const start = performance.now()
    const { placed, average } = this.#parts
    const evaluated =
      average === undefined ? placed : engine.place(await average.applied(await placed.read()))
    let isBest = false
    try {
      const metrics = await evaluate.run(evaluated)
      const record = { step, epoch: this.epochs(), metrics }
      this.state = { ...this.state, evaluations: [...this.state.evaluations, record] }
      if (evaluate.best !== undefined) {
        const value = decidingValue(evaluate.best, record)
        isBest = isBetter(evaluate.best.mode, value, this.state.best?.value ?? null)
        if (isBest) await this.#keepBest({ ...record, metric: evaluate.best.metric, value }, evaluated)
        this.#watchPatience(evaluate.best.mode, value)
      }
    } finally {
      if (evaluated !== placed) evaluated.dispose()
    }
    const { best, evaluations } = this.state
    const record = evaluations.at(-1)
    if (record === undefined) return
    const seconds = (performance.now() - start) / 1000
    await this.#tell((callbacks) => callbacks.onEvaluate?.({ ...record, best, isBest, seconds }))
  }

  async #keepBest(best: BestRecord, params: PlacedParams): Promise<void> {
    const values = await params.read()
    const store = this.#options.checkpoints?.store
    if (store === undefined) this.#bestParams = copyTensors(values)
    else await store.saveBest(best.step, values)
    this.state = { ...this.state, best }
  }

  #watchPatience(mode: 'max' | 'min', value: number): void {
    const early = this.#options.evaluate?.earlyStopping
    if (early === undefined) return
    const { value: previous, since } = this.state.patience
    const patience = isBetter(mode, value, previous, early.minDelta)
      ? { value, since: 0 }
      : { value: previous, since: since + 1 }
    const stopped = patience.since >= early.patience ? 'early-stopping' : null
    this.state = { ...this.state, patience, stopped }
  }

  async #save(): Promise<void> {
    const store = this.#options.checkpoints?.store
    if (store === undefined) return
    const start = performance.now()
    if (this.#lastBatches.length > 0) {
      const fingerprint = batchFingerprint(this.#lastBatches)
      this.state = { ...this.state, fingerprint, lastMicroBatches: this.#lastBatches.length }
    }
    const { placed, step, average } = this.#parts
    const checkpoint: Checkpoint = {
      state: this.state,
      params: await placed.read(),
      optimizer: await step.state(),
      averages: await average?.tensors(),
    }
    const path = await store.save(checkpoint)
    this.#lastCheckpoint = path
    this.#savedStep = this.state.step
    const seconds = (performance.now() - start) / 1000
    await this.#tell((callbacks) => callbacks.onCheckpoint?.({ step: this.state.step, path, seconds }))
  }

  async #tell(call: (callbacks: TrainCallbacks) => void | Promise<void>): Promise<void> {
    for (const callbacks of this.#options.callbacks ?? []) await call(callbacks)
  }
}
