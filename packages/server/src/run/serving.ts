import { ProblemError } from '../http/problem.ts'
import type { ServedModel } from './served-model.ts'

export type Phase = 'loading' | 'ready' | 'stopping' | 'failed'

/** Whether the server has a model, and for how long. */
export class Serving {
  #phase: Phase = 'loading'
  #model: ServedModel | undefined
  #onFailure: ((cause: unknown) => void) | undefined

  get phase(): Phase {
    return this.#phase
  }

  /**
   * The loaded model. It answers while the server stops, too: what has arrived is finished.
   *
   * @throws ProblemError `loading`, `stopping`, `model-stopped`
   */
  get model(): ServedModel {
    if (this.#model !== undefined && this.#phase !== 'failed') return this.#model
    throw this.problem
  }

  /** The reason why the server is not ready. */
  get problem(): ProblemError {
    const kind = {
      failed: 'model-stopped',
      stopping: 'stopping',
      loading: 'loading',
      ready: 'loading',
    } as const
    return new ProblemError(kind[this.#phase], { retryAfter: 1 })
  }

  loaded(model: ServedModel): void {
    this.#model = model
    if (this.#phase === 'loading') this.#phase = 'ready'
  }

  stop(): void {
    if (this.#phase !== 'failed') this.#phase = 'stopping'
  }

  /** The model has ended, and no request can be answered any more. */
  fail(cause: unknown): void {
    if (this.#phase === 'failed') return
    this.#phase = 'failed'
    this.#onFailure?.(cause)
  }

  onFailure(listener: (cause: unknown) => void): void {
    this.#onFailure = listener
  }
}
