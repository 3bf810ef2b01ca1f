import { KicError } from '@kic/core'
import type { EnsembleErrorCode } from './error-code.ts'
import { checkedWeights } from './soft-vote.ts'

export interface HardVoteOptions {
  /** How many votes each member has; default: one. */
  readonly weights?: readonly number[]
  /**
   * Which of several classes with equally many votes wins: `first-member` (default), the one whose first vote comes from the
   * earliest member, so order members from the most trusted to the least; or `lowest-class`, as scikit-learn does.
   */
  readonly ties?: 'first-member' | 'lowest-class'
}

/**
 * Hard voting: for each row the class that most members name.
 *
 * @param votes class numbers of each member, int32 [rows]
 * @returns int32 [rows]
 * @throws KicError `ensemble/no-members`, `ensemble/shape`, `ensemble/weights`, `ensemble/ties`
 */
export const hardVote = (
  votes: readonly Int32Array[],
  { weights, ties = 'first-member' }: HardVoteOptions = {},
): Int32Array => {
  const [first] = votes
  if (first === undefined)
    throw new KicError<EnsembleErrorCode>('ensemble/no-members', 'hardVote: there are no members to vote')
  votes.forEach((member, i) => {
    if (member.length !== first.length) {
      throw new KicError<EnsembleErrorCode>(
        'ensemble/shape',
        `hardVote: member ${i} votes on ${member.length} rows, the first member on ${first.length}`,
      )
    }
  })
  if (ties !== 'first-member' && ties !== 'lowest-class') {
    throw new KicError<EnsembleErrorCode>(
      'ensemble/ties',
      `hardVote: ties must be 'first-member' or 'lowest-class', received '${ties}'.`,
    )
  }
  const shares = checkedWeights('hardVote', votes.length, weights)
  return Int32Array.from(first, (_, row) => {
    const counts = new Map<number, number>()
    votes.forEach((member, k) => {
      const share = shares[k] ?? 0
      const vote = member[row] ?? -1
      if (share > 0) counts.set(vote, (counts.get(vote) ?? 0) + share)
    })
    // A Map keeps the order of first votes, and only a larger count replaces the winner.
    let winner = -1
    let most = 0
    for (const [vote, count] of counts) {
      if (count > most || (count === most && ties === 'lowest-class' && vote < winner)) {
        winner = vote
        most = count
      }
    }
    return winner
  })
}
