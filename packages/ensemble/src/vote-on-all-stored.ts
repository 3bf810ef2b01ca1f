import { KicError } from '@kic/core'
import type { Ensemble } from './ensemble.ts'
import type { EnsembleErrorCode } from './error-code.ts'
import { type VotedRows, voteOnStored } from './stored-ensemble.ts'

/**
 * Votes on all rows of the members' stored predictions at once.
 *
 * @throws KicError `ensemble/predictions`, as `voteOnStored`, and if there are no rows
 */
export const voteOnAllStored = async (ensemble: Ensemble): Promise<VotedRows> => {
  for await (const votes of voteOnStored(ensemble, { blockRows: Number.MAX_SAFE_INTEGER })) return votes
  throw new KicError<EnsembleErrorCode>(
    'ensemble/predictions',
    'voteOnAllStored: stored predictions must have rows, received none. Predict some.',
  )
}
