/** Runs rows of tokens through a model; everything that is called at the same time shares batches. */
export interface BatchQueue {
  /**
   * Scores of rows, [N, C], in the order given.
   *
   * @throws the signal's reason when it is aborted, and whatever the model throws.
   */
  run(rows: readonly Int32Array[], signal?: AbortSignal): Promise<Float32Array>
}

/** Scores [B, C] of a batch. */
export type RunBatch = (rows: readonly Int32Array[]) => Promise<{ scores: Float32Array; classes: number }>

interface Job {
  readonly size: number
  /** [N, C], from the first batch on. */
  scores: Float32Array
  left: number
  settled: boolean
  resolve(scores: Float32Array): void
  reject(reason: unknown): void
}

interface Entry {
  readonly job: Job
  readonly at: number
  readonly tokens: Int32Array
}

/** Lets timers, aborts and further calls have their turn. */
const turn = (): Promise<void> =>
  new Promise((resolve) => {
    if (typeof setImmediate === 'function') setImmediate(resolve)
    else setTimeout(resolve)
  })

/**
 * A queue before a model that runs one batch at a time: waiting rows of all calls are sorted by length, so that batches
 * have little padding, and cut into batches of `batchSize`. A call that was aborted costs nothing more.
 */
export const createBatchQueue = (runBatch: RunBatch, batchSize: number): BatchQueue => {
  let waiting: Entry[] = []
  let pumping = false

  const settle = (job: Job, act: () => void): void => {
    if (job.settled) return
    job.settled = true
    act()
  }

  const runEntries = async (entries: readonly Entry[]): Promise<void> => {
    try {
      const { scores, classes } = await runBatch(entries.map(({ tokens }) => tokens))
      for (const [i, { job, at }] of entries.entries()) {
        if (job.scores.length === 0) job.scores = new Float32Array(job.size * classes)
        job.scores.set(scores.subarray(i * classes, (i + 1) * classes), at * classes)
        job.left -= 1
        if (job.left === 0) settle(job, () => job.resolve(job.scores))
      }
    } catch (error) {
      for (const { job } of entries) settle(job, () => job.reject(error))
    }
  }

  const pump = async (): Promise<void> => {
    pumping = true
    while (waiting.length > 0) {
      await turn()
      const taken = waiting.sort((a, b) => a.tokens.length - b.tokens.length)
      waiting = []
      for (let start = 0; start < taken.length; start += batchSize) {
        const entries = taken.slice(start, start + batchSize).filter(({ job }) => !job.settled)
        if (entries.length === 0) continue
        await runEntries(entries)
        await turn()
      }
    }
    pumping = false
  }

  return {
    run: async (rows, signal) => {
      signal?.throwIfAborted()
      if (rows.length === 0) return new Float32Array(0)
      return new Promise((resolve, reject) => {
        const abort = (): void => settle(job, () => job.reject(signal?.reason))
        const done = (): void => signal?.removeEventListener('abort', abort)
        const job: Job = {
          size: rows.length,
          scores: new Float32Array(0),
          left: rows.length,
          settled: false,
          resolve: (scores) => {
            done()
            resolve(scores)
          },
          reject: (reason) => {
            done()
            reject(reason)
          },
        }
        signal?.addEventListener('abort', abort)
        for (const [at, tokens] of rows.entries()) waiting.push({ job, at, tokens })
        if (!pumping) void pump()
      })
    },
  }
}
