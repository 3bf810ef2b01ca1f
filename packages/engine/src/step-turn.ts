import { KicError } from '@kic/core'
import type { HostTensors } from '@kic/safetensors'
import type { EngineErrorCode } from './error-code.ts'

/** Lets the steps of a run take turns. */
export class StepTurn {
  #busy = false

  /**
   * Runs one step.
   *
   * @throws KicError `engine/concurrent-step`, `engine/no-batch`
   */
  async take<T>(microBatches: readonly HostTensors[], step: () => Promise<T>): Promise<T> {
    if (this.#busy) {
      throw new KicError<EngineErrorCode>(
        'engine/concurrent-step',
        'trainStep: steps must run one at a time, received a second call. Await the previous step.',
      )
    }
    if (microBatches.length === 0)
      throw new KicError<EngineErrorCode>(
        'engine/no-batch',
        'trainStep: a step must have at least one batch, received none. Pass a batch.',
      )
    this.#busy = true
    try {
      return await step()
    } finally {
      this.#busy = false
    }
  }
}
