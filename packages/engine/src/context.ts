import { KicError } from '@kic/core'
import type { Context } from './contract.ts'
import type { EngineErrorCode } from './error-code.ts'
import type { Tensor } from './tensor.ts'

/** The context of inference: nothing random. */
export const inferenceContext: Context = { training: false, dropout: (x) => x }

/** One call of `ctx.dropout`: the mask that the run must supply. */
export interface DropoutSite {
  readonly rate: number
  readonly shape: readonly number[]
}

/**
 * A context for training.
 *
 * @param maskFor returns the mask tensor of a site, with the given shape; sites are numbered from 0 in call order
 */
export const trainingContext = (maskFor: (site: number, spec: DropoutSite) => Tensor): Context => {
  let sites = 0
  return {
    training: true,
    dropout(x, rate) {
      if (!(rate >= 0 && rate < 1)) {
        throw new KicError<EngineErrorCode>(
          'engine/dropout-rate',
          `dropout: the rate must be at least 0 and below 1, received ${rate}. Correct it.`,
        )
      }
      return rate === 0 ? x : x.mul(maskFor(sites++, { rate, shape: x.shape }))
    },
  }
}
