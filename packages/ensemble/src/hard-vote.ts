import { defined, KicError } from '@kic/core'
import type { EnsembleErrorCode } from './error-code.ts'
import { checkedWeights } from './soft-vote.ts'

export interface HardVoteOptions {
  /** Votes of each member; default: one each. */
  readonly weights?: readonly number[] | undefined
  /**
   * The winner among classes with equally many votes. `first-member` (default): the class whose first vote comes from the
   * earliest member, so order members from the most to the least trusted. `lowest-class`: as in scikit-learn.
   */
  readonly ties?: 'first-member' | 'lowest-class' | undefined
}

/**
 * Hard voting: for each row, the class with the most votes.
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
    throw new KicError<EnsembleErrorCode>(
      'ensemble/no-members',
      'hardVote: at least one member must vote, received none. Add a member.',
    )
  votes.forEach((member, i) => {
    if (member.length !== first.length) {
      throw new KicError<EnsembleErrorCode>(
        'ensemble/shape',
        `hardVote: every member must vote on the ${first.length} rows of the first one, received ${member.length} from member ${i}. Predict the same rows.`,
      )
    }
  })
  if (ties !== 'first-member' && ties !== 'lowest-class') {
    throw new KicError<EnsembleErrorCode>(
      'ensemble/ties',
      `hardVote: ties must be 'first-member' or 'lowest-class', received '${ties}'. Use one of them.`,
    )
  }
  const shares = checkedWeights('hardVote', votes.length, weights)
  return Int32Array.from(first, (_, row) => {
    const counts = new Map<number, number>()
    votes.forEach((member, k) => {
      const share = defined(shares[k])
      const vote = defined(member[row])
      if (share > 0) counts.set(vote, (counts.get(vote) ?? 0) + share)
    })
    // A Map keeps the order of first votes. Only a larger count replaces the winner.
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
