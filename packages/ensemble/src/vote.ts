import { ancestorLevels } from '@kic/classification'
import { defined, KicError } from '@kic/core'
import { type Probabilities, temper } from '@kic/scores'
import { coarser } from './coarser.ts'
import { decodePath } from './decode-path.ts'
import type { Ensemble } from './ensemble.ts'
import type { EnsembleErrorCode } from './error-code.ts'
import { publishedScheme } from './published-scheme.ts'
import { softVote } from './soft-vote.ts'
import { stackedOpinions } from './stacking/stacked-opinions.ts'

/** The vote at one level. */
export interface LevelVote {
  /** Class numbers, int32 [rows]. */
  readonly classes: Int32Array
  /**
   * The probability of that class, [rows]: from its level's soft vote if the scheme is `path`, its level's stack if it is
   * `stacked`, the sum over its groups if it is `published`.
   */
  readonly confidence: Float32Array
}

/** The vote at every level. */
export interface EnsembleVote {
  /** By level name. */
  readonly levels: Readonly<Record<string, LevelVote>>
  /** The soft vote at the finest level. */
  readonly finest: Probabilities
}

/**
 * The vote of an ensemble's members on some rows.
 *
 * @param members probabilities in the order of `ensemble.members`
 * @param temperature of the vote: each level's probabilities p become p^(1/T), rescaled to sum 1. The classes stay.
 * @throws KicError `ensemble/shape` if they do not match the ensemble
 */
export const vote = (
  ensemble: Ensemble,
  members: readonly Probabilities[],
  temperature = 1,
): EnsembleVote => {
  checkPredictions(ensemble, members)
  return SCHEMES[ensemble.scheme](ensemble, members, temperature)
}

const checkPredictions = ({ levels, members }: Ensemble, given: readonly Probabilities[]): void => {
  if (given.length !== members.length) {
    throw new KicError<EnsembleErrorCode>(
      'ensemble/shape',
      `vote: each of the ${members.length} members must have predictions, received ${given.length}. Pass one per member.`,
    )
  }
  members.forEach((member, k) => {
    const wanted = levels.find(({ name }) => name === member.level)?.labels.length
    const [probabilities, first] = [given[k], given[0]]
    if (probabilities?.classes !== wanted || probabilities?.rows !== first?.rows) {
      throw new KicError<EnsembleErrorCode>(
        'ensemble/shape',
        `vote: '${member.name}' must have ${first?.rows} × ${wanted} probabilities of '${member.level}', received ${probabilities?.rows} × ${probabilities?.classes}. Predict the same rows and its own level.`,
      )
    }
  })
}

type Scheme = (ensemble: Ensemble, given: readonly Probabilities[], temperature: number) => EnsembleVote

const publishedVote: Scheme = (ensemble, given, temperature) => {
  const levels = ancestorLevels(ensemble.levels)
  const [section, division, group] = levels
  if (section === undefined || division === undefined || group === undefined)
    throw new KicError<EnsembleErrorCode>(
      'ensemble/shape',
      `vote: the published scheme needs three levels, received ${levels.length}. Use the scheme path.`,
    )
  const at = (level: string) =>
    ensemble.members.flatMap((member, k) => {
      const probabilities = given[k]
      return member.level === level && probabilities ? [{ ...member, probabilities }] : []
    })
  const [groupMembers, divisionMembers] = [at(group.name), at(division.name)]
  const voted = publishedScheme({
    groupMembers: groupMembers.map(({ probabilities }) => probabilities),
    divisionMembers: divisionMembers.map(({ probabilities }) => probabilities),
    division,
    section,
    softVote: {
      weights: groupMembers.map(({ weight }) => weight),
      temperatures: groupMembers.map(({ temperature }) => temperature),
      space: ensemble.space,
    },
    divisionWeights: divisionMembers.map(({ weight }) => weight),
  })
  const classes = [voted.section, voted.division, voted.group]
  const finest = temper(voted.groupProbabilities, temperature)
  const votes = levels.map(
    (level, i) => [level.name, levelVote(defined(classes[i]), coarser(finest, level))] as const,
  )
  return { finest, levels: Object.fromEntries(votes) }
}

/** Probabilities at each level, coarsest first. */
type Opinions = (ensemble: Ensemble, given: readonly Probabilities[]) => readonly Probabilities[]

/** At each level, its own members vote, and those of finer levels with the sums of their classes. */
const votedOpinions: Opinions = (ensemble, given) => {
  const voters = ensemble.members.flatMap(({ level, weight, temperature }, k) => {
    const own = given[k]
    if (own === undefined || weight === 0) return []
    return [
      {
        weight,
        probabilities: temper(own, temperature),
        level: ensemble.levels.findIndex(({ name }) => name === level),
      },
    ]
  })
  const above = ensemble.levels.map(({ name }) => ancestorLevels(ensemble.levels, { level: name }))
  return ensemble.levels.map((_, i) => {
    const speaking = voters.filter(({ level }) => level >= i)
    return softVote(
      speaking.map(({ level, probabilities }) => {
        const coarse = level === i ? undefined : above[level]?.[i]
        return coarse === undefined ? probabilities : coarser(probabilities, coarse)
      }),
      { weights: speaking.map(({ weight }) => weight), space: ensemble.space },
    )
  })
}

/** At each level, its stack combines all members. */
const opinionsOfStacks: Opinions = ({ levels, members, stacks = [] }, given) =>
  stackedOpinions(
    levels,
    stacks,
    members.map(({ level, temperature }, k) => ({
      level,
      probabilities: temper(defined(given[k]), temperature),
    })),
  )

/** The most probable path over all levels. */
const pathVote =
  (opinionsOf: Opinions): Scheme =>
  (ensemble, given, temperature) => {
    const last = ensemble.levels.length - 1
    const opinions = opinionsOf(ensemble, given)
    const finest = opinions[last]
    if (finest === undefined)
      throw new KicError<EnsembleErrorCode>(
        'ensemble/file',
        'vote: an ensemble must have a level, received none. Correct ensemble.json.',
      )
    const levelsOfFinest = ancestorLevels(ensemble.levels)
    const path = decodePath(
      finest,
      levelsOfFinest.slice(0, last).map((level, i) => ({ level, probabilities: defined(opinions[i]) })),
    )
    const levels = levelsOfFinest.map(
      ({ name, ofClass }, i) =>
        [
          name,
          levelVote(
            path.map((c) => defined(ofClass[c])),
            temper(defined(opinions[i]), temperature),
          ),
        ] as const,
    )
    return { finest: temper(finest, temperature), levels: Object.fromEntries(levels) }
  }

const levelVote = (classes: Int32Array, probabilities: Probabilities): LevelVote => ({
  classes,
  confidence: Float32Array.from(classes, (c, row) =>
    defined(probabilities.data[row * probabilities.classes + c]),
  ),
})

/** How members become one answer, by the name of the scheme. */
const SCHEMES: Readonly<Record<Ensemble['scheme'], Scheme>> = {
  published: publishedVote,
  path: pathVote(votedOpinions),
  stacked: pathVote(opinionsOfStacks),
}
