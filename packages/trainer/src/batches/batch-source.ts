import { hash32 } from '@kic/core'
import type { HostTensors } from '@kic/safetensors'
import { type BatchPlanOptions, batchPlan, type PlannedBatch } from './batch-plan.ts'

/** What one forward and backward pass is given. */
export interface MicroBatch {
  readonly feeds: HostTensors
  /** The rows in it, by the caller's numbers: they are counted, and named when something goes wrong. */
  readonly rows: ArrayLike<number>
  /** What its loss is a mean over, where the loss does not tell it itself; default: `rows.length`. */
  readonly count?: number
}

/** The micro-batches of one epoch, by their position. */
export interface EpochBatches {
  readonly length: number
  batch(index: number): MicroBatch | Promise<MicroBatch>
}

/**
 * Where a run's data comes from. What it gives must follow from epoch and position alone, so that a resumed run sees
 * what the undisturbed one would have seen.
 */
export interface BatchSource {
  epoch(epoch: number): EpochBatches
}

/** Where in a run a batch stands: to derive randomness from, as in `createRandom(seed, 'mask', epoch, index)`. */
export interface BatchPosition {
  readonly epoch: number
  readonly index: number
}

/** A source that plans each epoch with `batchPlan` and makes each batch with `collate` when it is needed. */
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

/** A number that changes when rows, shapes or contents of batches do. */
export const batchFingerprint = (batches: readonly MicroBatch[]): number => {
  let hash = 0
  for (const { feeds, rows } of batches) {
    hash = hash32(hash, ...Array.from(rows))
    for (const [name, { shape, data }] of Object.entries(feeds)) {
      hash = hash32(hash, name, ...shape)
      const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
      for (let i = 0; i < bytes.length; i++) hash = (Math.imul(hash, 31) + (bytes[i] ?? 0)) >>> 0
    }
  }
  return hash
}
