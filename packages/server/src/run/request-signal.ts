import type { CallSignal } from '@kic/predictor'
import { ProblemError } from '../http/problem.ts'

/** The client has gone; nobody reads an answer. */
export class ClientLeft extends Error {
  constructor() {
    super('the client left before its answer')
    this.name = 'ClientLeft'
  }
}

/** Aborted when the client leaves, or when the time of its answer is over. An `AbortController` for each request is slow. */
export class RequestSignal implements CallSignal {
  readonly #listeners: (() => void)[] = []
  readonly #timer: NodeJS.Timeout
  #reason: unknown

  /** @param ms until a `timeout` */
  constructor(ms: number) {
    this.#timer = setTimeout(() => this.#abort(new ProblemError('timeout', { retryAfter: 1 })), ms)
  }

  get aborted(): boolean {
    return this.#reason !== undefined
  }

  get reason(): unknown {
    return this.#reason
  }

  throwIfAborted(): void {
    if (this.aborted) throw this.#reason
  }

  addEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners.push(listener)
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    const at = this.#listeners.indexOf(listener)
    if (at >= 0) this.#listeners.splice(at, 1)
  }

  /** Aborts because the client has left. */
  leave(): void {
    this.#abort(new ClientLeft())
  }

  /** Ends the watch of the time. */
  release(): void {
    clearTimeout(this.#timer)
  }

  #abort(reason: unknown): void {
    if (this.aborted) return
    this.#reason = reason
    this.release()
    for (const listener of [...this.#listeners]) listener()
  }
}
