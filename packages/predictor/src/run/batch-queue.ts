import { type BatchJob, createBatchJob } from './batch-job.ts'
import { turn } from './turn.ts'

/** Runs rows of tokens through a model. Concurrent calls share batches. */
export interface BatchQueue {
  /**
   * Scores of rows, [N, C], in the given order.
   *
   * @param alone whether the rows share no batch with other calls, so that their scores depend on them alone
   * @throws the signal's reason if it is aborted, and any error of the model
   */
  run(rows: readonly Int32Array[], signal?: AbortSignal, alone?: boolean): Promise<Float32Array>
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
 * A full batch may wait in front of the model. Part of a batch is cut only when the model can compute it at once: the
 * busier the model, the more calls share a batch.
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
  const running = new Set<Promise<void>>()
  let pumping = false
  let called: () => void = () => undefined
  const nextCall = (): Promise<void> =>
    new Promise((resolve) => {
      called = resolve
    })

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
  const isPart = (group: readonly Entry[] | undefined): boolean =>
    group !== undefined && group === shared && group.length < batchSize

  const runEntries = async (entries: readonly Entry[]): Promise<void> => {
    try {
      const { scores, classes } = await runBatch(entries.map(({ tokens }) => tokens))
      for (const [i, { job, at }] of entries.entries())
        job.put(at, scores.subarray(i * classes, (i + 1) * classes))
    } catch (error) {
      for (const { job } of entries) job.fail(error)
    }
  }

  const pump = async (): Promise<void> => {
    pumping = true
    while (groups.length > 0) {
      await turn()
      // Calls that arrive until then may still fill the batch.
      while (running.size >= (isPart(groups[0]) ? runsInParallel : runsAtOnce))
        await Promise.race([...running, nextCall()])
      const group = groups.shift() ?? []
      if (group === shared) shared = undefined
      group.sort((a, b) => a.tokens.length - b.tokens.length)
      for (let start = 0; start < group.length; start += batchSize) {
        while (running.size >= runsAtOnce) await Promise.race(running)
        const entries = group.slice(start, start + batchSize).filter(({ job }) => !job.settled)
        if (entries.length === 0) continue
        const run = runEntries(entries).finally(() => running.delete(run))
        running.add(run)
        await turn()
      }
    }
    pumping = false
  }

  return {
    run: async (rows, signal, alone = false) => {
      signal?.throwIfAborted()
      if (rows.length === 0) return new Float32Array(0)
      const job = createBatchJob(rows.length, signal)
      add(
        rows.map((tokens, at) => ({ job, at, tokens })),
        alone,
      )
      if (!pumping) void pump()
      called()
      return job.scores
    },
  }
}
