import type { AncestorLevel } from '@kic/classification'
import { defined } from '@kic/core'
import type { Probabilities } from '@kic/scores'
import { checkAncestors } from './coarser.ts'
import { hardVote } from './hard-vote.ts'
import { mostProbable } from './most-probable.ts'
import { type SoftVoteOptions, softVote } from './soft-vote.ts'

export interface PublishedSchemeInput {
  /** Group probabilities of each group member, [rows, groups]. */
  readonly groupMembers: readonly Probabilities[]
  /** Division probabilities of each division member, [rows, divisions]; may be empty. */
  readonly divisionMembers: readonly Probabilities[]
  /** The divisions, by group: a result of `ancestorLevels` of `@kic/classification`. */
  readonly division: AncestorLevel
  /** The sections, by group. */
  readonly section: AncestorLevel
  /** The mean of the group members. Their weights also count in the vote on divisions. */
  readonly softVote?: SoftVoteOptions | undefined
  /** Votes of each division member; default: one each, as published. */
  readonly divisionWeights?: readonly number[] | undefined
}

/** Class numbers by level, int32 [rows] each. */
export interface LevelPredictions {
  readonly section: Int32Array
  readonly division: Int32Array
  readonly group: Int32Array
  /** The soft vote, which decides group and section. */
  readonly groupProbabilities: Probabilities
}

/**
 * The three-level vote of the second-placed solution. A soft vote of the group members decides the group. A hard vote of
 * the division members and of the group members, each with the division of its group, decides the division. The section
 * follows from the soft-voted group.
 *
 * The write-up has no rule for ties of divisions. Here, the division of the soft-voted group wins if it is among them;
 * otherwise `hardVote`'s rule applies. Levels may contradict each other.
 *
 * @throws KicError `ensemble/no-members`, `ensemble/shape`, `ensemble/weights`, `ensemble/hierarchy`
 */
export const publishedScheme = (input: PublishedSchemeInput): LevelPredictions => {
  const groupProbabilities = softVote(input.groupMembers, input.softVote)
  const { classes } = groupProbabilities
  const { division, section } = input
  for (const level of [division, section]) checkAncestors('publishedScheme', level, classes)
  const group = mostProbable(groupProbabilities)
  const at = ({ ofClass }: AncestorLevel, groups: Int32Array): Int32Array =>
    groups.map((g) => defined(ofClass[g]))
  const softDivision = at(division, group)
  const votes = [
    ...input.groupMembers.map((member) => at(division, mostProbable(member))),
    ...input.divisionMembers.map(mostProbable),
  ]
  const weights = [
    ...(input.softVote?.weights ?? input.groupMembers.map(() => 1)),
    ...(input.divisionWeights ?? input.divisionMembers.map(() => 1)),
  ]
  return {
    group,
    section: at(section, group),
    division: preferring(softDivision, hardVote(votes, { weights }), votes, weights),
    groupProbabilities,
  }
}

/** The winner of each row, or the preferred class if it has as many votes. */
const preferring = (
  preferred: Int32Array,
  winners: Int32Array,
  votes: readonly Int32Array[],
  weights: readonly number[],
): Int32Array =>
  winners.map((winner, row) => {
    const wanted = preferred[row] ?? winner
    const count = (label: number): number =>
      votes.reduce((sum, member, k) => sum + (member[row] === label ? defined(weights[k]) : 0), 0)
    return count(wanted) === count(winner) ? wanted : winner
  })
