import { KicError } from '@kic/core'
import type { Tensor } from '@tensorflow/tfjs'
import type { Context } from './contract.ts'

/** The context of inference: nothing random. */
export const inferenceContext: Context = { training: false, dropout: (x) => x }

/** One call of `ctx.dropout`: which mask the run has to supply. */
export interface DropoutSite {
  readonly rate: number
  readonly shape: readonly number[]
}

/**
 * A context for training.
 *
 * @param maskFor returns the mask tensor of a site, of the given shape; sites are numbered from 0 in the order of calls.
 */
export const trainingContext = (maskFor: (site: number, spec: DropoutSite) => Tensor): Context => {
  let sites = 0
  return {
    training: true,
    dropout(x, rate) {
      if (!(rate >= 0 && rate < 1)) {
        throw new KicError(
          'engine/dropout-rate',
          `dropout: the rate must be at least 0 and below 1, got ${rate}`,
        )
      }
      return rate === 0 ? x : x.mul(maskFor(sites++, { rate, shape: x.shape }))
    },
  }
}
