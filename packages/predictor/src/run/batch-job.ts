import type { CallSignal } from '../answers/call-signal.ts'
import { onAbort } from './on-abort.ts'

/** A call's rows on their way through batches. */
export class BatchJob {
  /** Scores of all rows, [N, C]. */
  readonly scores: Promise<Float32Array>
  readonly #size: number
  #found: Float32Array | undefined
  #left: number
  #settled = false
  #resolve: (scores: Float32Array) => void = () => undefined
  #reject: (reason: unknown) => void = () => undefined
  readonly #endWatch: (() => void) | undefined

  /**
   * A job of `size` rows.
   *
   * @param signal fails the job with its reason
   */
  constructor(size: number, signal: CallSignal | undefined) {
    this.#size = size
    this.#left = size
    this.scores = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    this.#endWatch = signal && onAbort(signal, () => this.fail(signal.reason))
  }

  /** Whether it has all its scores, or has failed. */
  get settled(): boolean {
    return this.#settled
  }

  /** Stores one row's scores, [C]. */
  put(at: number, row: Float32Array): void {
    this.#found ??= new Float32Array(this.#size * row.length)
    this.#found.set(row, at * row.length)
    this.#left -= 1
    if (this.#left === 0 && this.#settle()) this.#resolve(this.#found)
  }

  fail(reason: unknown): void {
    if (this.#settle()) this.#reject(reason)
  }

  /** Whether the job was not settled before. */
  #settle(): boolean {
    if (this.#settled) return false
    this.#settled = true
    this.#endWatch?.()
    return true
  }
}
