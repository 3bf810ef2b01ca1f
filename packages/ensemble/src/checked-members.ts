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
    throw new KicError<EnsembleErrorCode>(
      'ensemble/no-members',
      `${caller}: at least one member must vote, received none. Add a member.`,
    )
  members.forEach(({ rows, classes, data }, i) => {
    if (rows !== first.rows || classes !== first.classes || data.length !== rows * classes) {
      throw new KicError<EnsembleErrorCode>(
        'ensemble/shape',
        `${caller}: every member must have the shape of the first one, ${first.rows} × ${first.classes}, received member ${i} ` +
          `with ${rows} × ${classes} in ${data.length} numbers. Predict the same rows and classes.`,
      )
    }
  })
  return first
}
