import { KicError } from '@kic/core'

/**
 * Hard voting: for each row the class that most members name. Of classes with equally many votes, the one whose first
 * vote comes from the earliest member wins; so order members from the most trusted to the least.
 *
 * @param votes class numbers of each member, int32 [rows]
 * @returns int32 [rows]
 * @throws KicError `ensemble/no-members`, `ensemble/shape`
 */
export const hardVote = (votes: readonly Int32Array[]): Int32Array => {
  const [first] = votes
  if (first === undefined) throw new KicError('ensemble/no-members', 'hardVote: there are no members to vote')
  votes.forEach((member, i) => {
    if (member.length !== first.length) {
      throw new KicError(
        'ensemble/shape',
        `hardVote: member ${i} votes on ${member.length} rows, the first member on ${first.length}`,
      )
    }
  })
  return Int32Array.from(first, (_, row) => {
    const counts = new Map<number, number>()
    for (const member of votes) {
      const vote = member[row] ?? -1
      counts.set(vote, (counts.get(vote) ?? 0) + 1)
    }
    // A Map keeps the order of first votes, and only a larger count replaces the winner.
    let winner = -1
    let most = 0
    for (const [vote, count] of counts) {
      if (count > most) {
        winner = vote
        most = count
      }
    }
    return winner
  })
}
