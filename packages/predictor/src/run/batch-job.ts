import { onAbort } from './on-abort.ts'

/** A call's rows on their way through batches. */
export interface BatchJob {
  /** Whether it has all its scores, or has failed. */
  readonly settled: boolean
  /** Scores of all rows, [N, C]. */
  readonly scores: Promise<Float32Array>
  /** Stores one row's scores, [C]. */
  put(at: number, row: Float32Array): void
  fail(reason: unknown): void
}

/**
 * A job of `size` rows.
 *
 * @param signal fails the job with its reason
 */
export const createBatchJob = (size: number, signal: AbortSignal | undefined): BatchJob => {
  let found: Float32Array | undefined
  let left = size
  let settled = false
  let resolve: (scores: Float32Array) => void
  let reject: (reason: unknown) => void
  const scores = new Promise<Float32Array>((done, failed) => {
    resolve = done
    reject = failed
  })
  const settle = (act: () => void): void => {
    if (settled) return
    settled = true
    end?.()
    act()
  }
  const fail = (reason: unknown): void => settle(() => reject(reason))
  const end = signal && onAbort(signal, () => fail(signal.reason))
  return {
    get settled() {
      return settled
    },
    scores,
    put: (at, row) => {
      found ??= new Float32Array(size * row.length)
      found.set(row, at * row.length)
      const all = found
      left -= 1
      if (left === 0) settle(() => resolve(all))
    },
    fail,
  }
}
