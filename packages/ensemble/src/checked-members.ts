import { KicError } from '@kic/core'
import type { Probabilities } from '@kic/scores'
import type { EnsembleErrorCode } from './error-code.ts'

/**
 * Checks that members predict the same rows and classes, and returns the first.
 *
 * @throws KicError `ensemble/no-members`, `ensemble/shape`
 */
export const checkedMembers = (caller: string, members: readonly Probabilities[]): Probabilities => {
  const [first] = members
  if (first === undefined)
    throw new KicError<EnsembleErrorCode>('ensemble/no-members', `${caller}: there are no members to vote`)
  members.forEach(({ rows, classes, data }, i) => {
    if (rows !== first.rows || classes !== first.classes || data.length !== rows * classes) {
      throw new KicError<EnsembleErrorCode>(
        'ensemble/shape',
        `${caller}: member ${i} has ${rows} × ${classes} probabilities in ${data.length} numbers, ` +
          `the first member ${first.rows} × ${first.classes}`,
      )
    }
  })
  return first
}
