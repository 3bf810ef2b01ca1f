import { KicError } from '@kic/core'
import { checkedMembers, type Probabilities } from './probabilities.ts'

export interface SoftVoteOptions {
  /** A weight for each member; default: equal ones. They are scaled to sum 1. */
  readonly weights?: readonly number[]
}

/**
 * Soft voting: the weighted mean of the members' probabilities.
 *
 * @throws KicError `ensemble/no-members`, `ensemble/shape`, `ensemble/weights`
 */
export const softVote = (
  members: readonly Probabilities[],
  { weights }: SoftVoteOptions = {},
): Probabilities => {
  const { rows, classes } = checkedMembers('softVote', members)
  const shares = weights ?? members.map(() => 1)
  const total = shares.reduce((a, b) => a + b, 0)
  if (shares.length !== members.length || shares.some((w) => !(w >= 0)) || !(total > 0)) {
    throw new KicError(
      'ensemble/weights',
      `softVote: ${members.length} members need as many weights, none negative and not all zero; got [${shares}]`,
    )
  }
  const data = new Float32Array(rows * classes)
  for (let i = 0; i < data.length; i++) {
    let sum = 0
    members.forEach((member, k) => {
      sum += (shares[k] ?? 0) * (member.data[i] ?? 0)
    })
    data[i] = sum / total
  }
  return { rows, classes, data }
}
