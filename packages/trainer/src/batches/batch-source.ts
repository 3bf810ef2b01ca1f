import { defined, hash32 } from '@kic/core'
import type { HostTensors } from '@kic/safetensors'
import { type BatchPlanOptions, batchPlan, type PlannedBatch } from './batch-plan.ts'

/** The input of one forward and backward pass. */
export interface MicroBatch {
  readonly feeds: HostTensors
  /** Its rows, by the caller's numbers; they are counted, and listed in errors. */
  readonly rows: ArrayLike<number>
  /** The weight of its loss, if the loss declares none itself; default: `rows.length`. */
  readonly count?: number | undefined
}

/** The micro-batches of one epoch, by position. */
export interface EpochBatches {
  readonly length: number
  batch(index: number): MicroBatch | Promise<MicroBatch>
}

/**
 * The source of a run's data. Its batches must depend only on epoch and position, so that a resumed run sees the same
 * data as an undisturbed one.
 */
export interface BatchSource {
  epoch(epoch: number): EpochBatches
}

/** The position of a batch in a run, for deriving randomness, as in `createRandom(seed, 'mask', epoch, index)`. */
export interface BatchPosition {
  readonly epoch: number
  readonly index: number
}

/** A source that plans each epoch with `batchPlan` and creates each batch with `collate` on demand. */
export const plannedBatches = (
  options: Omit<BatchPlanOptions, 'epoch'>,
  collate: (planned: PlannedBatch, position: BatchPosition) => MicroBatch | Promise<MicroBatch>,
): BatchSource => {
  let latest: { readonly epoch: number; readonly plan: readonly PlannedBatch[] } | undefined
  const planOf = (epoch: number): readonly PlannedBatch[] => {
    if (latest?.epoch !== epoch) latest = { epoch, plan: batchPlan({ ...options, epoch }) }
    return latest.plan
  }
  return {
    epoch: (epoch) => {
      const plan = planOf(epoch)
      return {
        length: plan.length,
        batch: (index) => {
          const planned = plan[index]
          if (planned === undefined) throw new RangeError(`epoch ${epoch} has no batch ${index}`)
          return collate(planned, { epoch, index })
        },
      }
    },
  }
}

/** A number that changes if rows, shapes or contents of batches change. */
export const batchFingerprint = (batches: readonly MicroBatch[]): number => {
  let hash = 0
  for (const { feeds, rows } of batches) {
    hash = hash32(hash, ...Array.from(rows))
    for (const [name, { shape, data }] of Object.entries(feeds)) {
      hash = hash32(hash, name, ...shape)
      const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
      for (let i = 0; i < bytes.length; i++) hash = (Math.imul(hash, 31) + defined(bytes[i])) >>> 0
    }
  }
  return hash
}
