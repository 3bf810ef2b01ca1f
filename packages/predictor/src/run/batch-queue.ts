import type { CallSignal } from '../answers/call-signal.ts'
import { BatchJob } from './batch-job.ts'
import { onNextTurn } from './on-next-turn.ts'

/** Runs rows of tokens through a model. Concurrent calls share batches. */
export interface BatchQueue {
  /**
   * Scores of rows, [N, C], in the given order.
   *
   * @param alone whether the rows share no batch with other calls, so that their scores depend on them alone
   * @throws the signal's reason if it is aborted, and any error of the model
   */
  run(rows: readonly Int32Array[], signal?: CallSignal, alone?: boolean): Promise<Float32Array>
}

/** Scores [B, C] of a batch. */
export type RunBatch = (rows: readonly Int32Array[]) => Promise<{ scores: Float32Array; classes: number }>

interface Entry {
  readonly job: BatchJob
  readonly at: number
  readonly tokens: Int32Array
}

/**
 * A queue in front of a model. It sorts waiting rows by length, so that batches have little padding, and cuts them into
 * batches of `batchSize`. Small calls share batches. A call that fills batches has its own, whatever else is waiting,
 * because int8 scores depend slightly on a batch's other rows. An aborted call costs nothing more.
 *
 * A full batch may wait in front of the model. Part of a batch is cut only when the model can compute it at once, and a turn of
 * the event loop has brought no further calls: the busier the model, the more calls share a batch.
 *
 * @param runsAtOnce number of batches to keep under way
 * @param runsInParallel number of batches that the model computes at the same time
 */
export const createBatchQueue = (
  runBatch: RunBatch,
  batchSize: number,
  runsAtOnce = 1,
  runsInParallel = runsAtOnce,
): BatchQueue => {
  /** Groups of rows that are sorted and cut together. */
  const groups: Entry[][] = []
  /** The group for small calls. */
  let shared: Entry[] | undefined
  /** The rest of the group that is being cut. */
  let sorted: Entry[] = []
  let running = 0
  let called = false
  let waitsForTurn = false

  const add = (entries: Entry[], alone: boolean): void => {
    const small = !alone && entries.length < batchSize
    if (small && shared !== undefined) {
      shared.push(...entries)
      return
    }
    groups.push(entries)
    if (small) shared = entries
  }

  /** Whether a group is less than a batch, to which other calls may add. */
  const isPart = (group: readonly Entry[]): boolean => group === shared && group.length < batchSize

  /** The rows of the next batch; `undefined` if none may be cut yet. */
  const cut = (): readonly Entry[] | undefined => {
    if (running >= runsAtOnce) return undefined
    if (sorted.length === 0) {
      const [group] = groups
      if (group === undefined || (isPart(group) && (called || running >= runsInParallel))) return undefined
      groups.shift()
      if (group === shared) shared = undefined
      sorted = group.sort((a, b) => a.tokens.length - b.tokens.length)
    }
    return sorted.splice(0, batchSize).filter(({ job }) => !job.settled)
  }

  const runEntries = async (entries: readonly Entry[]): Promise<void> => {
    running += 1
    try {
      const { scores, classes } = await runBatch(entries.map(({ tokens }) => tokens))
      for (const [i, { job, at }] of entries.entries())
        job.put(at, scores.subarray(i * classes, (i + 1) * classes))
    } catch (error) {
      for (const { job } of entries) job.fail(error)
    }
    running -= 1
    advance()
  }

  /** Starts batches after a turn of the event loop, in which timers and aborts have run, too. */
  const advance = (): void => {
    if (waitsForTurn || (groups.length === 0 && sorted.length === 0)) return
    waitsForTurn = true
    onNextTurn(startBatches)
  }

  const startBatches = (): void => {
    waitsForTurn = false
    for (let entries = cut(); entries !== undefined; entries = cut())
      if (entries.length > 0) void runEntries(entries)
    if (!called) return
    called = false
    advance()
  }

  return {
    run: async (rows, signal, alone = false) => {
      signal?.throwIfAborted()
      if (rows.length === 0) return new Float32Array(0)
      const job = new BatchJob(rows.length, signal)
      add(
        rows.map((tokens, at) => ({ job, at, tokens })),
        alone,
      )
      called = true
      advance()
      return job.scores
    },
  }
}
