import { KicError } from '@kic/core'
import { type Probabilities, temper } from '@kic/scores'
import { coarser } from './coarser.ts'
import { decodePath } from './decode-path.ts'
import type { Ensemble } from './ensemble.ts'
import { publishedScheme } from './published-scheme.ts'
import { softVote } from './soft-vote.ts'

/** What an ensemble says of a level. */
export interface LevelVote {
  /** Class numbers, int32 [rows]. */
  readonly classes: Int32Array
  /**
   * The probability of that class, [rows]: its own level's soft vote where the scheme is `path`, the sum over its groups
   * where it is `published`.
   */
  readonly confidence: Float32Array
}

/** What an ensemble says of some rows. */
export interface EnsembleVote {
  /** By the name of the level. */
  readonly levels: Readonly<Record<string, LevelVote>>
  /** The soft vote at the finest level. */
  readonly finest: Probabilities
}

/**
 * Lets the members of an ensemble vote on some rows.
 *
 * @param members probabilities in the order of `ensemble.members`
 * @throws KicError `ensemble/shape` where they do not fit the ensemble
 */
export const vote = (ensemble: Ensemble, members: readonly Probabilities[]): EnsembleVote => {
  checkPredictions(ensemble, members)
  return ensemble.scheme === 'published' ? publishedVote(ensemble, members) : pathVote(ensemble, members)
}

const checkPredictions = ({ levels, members }: Ensemble, given: readonly Probabilities[]): void => {
  if (given.length !== members.length) {
    throw new KicError(
      'ensemble/shape',
      `vote: the ensemble has ${members.length} members, there are predictions of ${given.length}`,
    )
  }
  members.forEach((member, k) => {
    const wanted = levels.find(({ name }) => name === member.level)?.labels.length
    const [probabilities, first] = [given[k], given[0]]
    if (probabilities?.classes !== wanted || probabilities?.rows !== first?.rows) {
      throw new KicError(
        'ensemble/shape',
        `vote: '${member.name}' has ${probabilities?.rows} × ${probabilities?.classes} probabilities; wanted are ${first?.rows} × ${wanted}, the classes of '${member.level}'`,
      )
    }
  })
}

/** For each class of the level `from` its ancestor at the level `to`, both counted from the coarsest. */
const ancestors = ({ levels }: Ensemble, from: number, to: number): Int32Array => {
  let ofClass = Int32Array.from(levels[from]?.labels ?? [], (_, c) => c)
  for (let level = from; level > to; level--) {
    ofClass = ofClass.map((c) => levels[level]?.parents?.[c] ?? 0)
  }
  return ofClass
}

const publishedVote = (ensemble: Ensemble, given: readonly Probabilities[]): EnsembleVote => {
  const [, division, group] = ensemble.levels
  const at = (level: string | undefined) =>
    ensemble.members.flatMap((member, k) => {
      const probabilities = given[k]
      return member.level === level && probabilities ? [{ ...member, probabilities }] : []
    })
  const [groupMembers, divisionMembers] = [at(group?.name), at(division?.name)]
  const voted = publishedScheme({
    groupMembers: groupMembers.map(({ probabilities }) => probabilities),
    divisionMembers: divisionMembers.map(({ probabilities }) => probabilities),
    divisionOfGroup: ancestors(ensemble, 2, 1),
    sectionOfGroup: ancestors(ensemble, 2, 0),
    softVote: {
      weights: groupMembers.map(({ weight }) => weight),
      temperatures: groupMembers.map(({ temperature }) => temperature),
      space: ensemble.space,
    },
    divisionWeights: divisionMembers.map(({ weight }) => weight),
  })
  const classes = [voted.section, voted.division, voted.group]
  const finest = voted.groupProbabilities
  const levels = ensemble.levels.map(({ name, labels }, i) => {
    const probabilities = coarser(finest, ancestors(ensemble, 2, i), labels.length)
    return [name, levelVote(classes[i] ?? new Int32Array(finest.rows), probabilities)] as const
  })
  return { finest, levels: Object.fromEntries(levels) }
}

/** At each level all members vote that speak of it: its own and, by the sums of their classes, those of finer levels. */
const pathVote = (ensemble: Ensemble, given: readonly Probabilities[]): EnsembleVote => {
  const last = ensemble.levels.length - 1
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
  const opinions = ensemble.levels.map(({ labels }, i) => {
    const speaking = voters.filter(({ level }) => level >= i)
    return softVote(
      speaking.map(({ level, probabilities }) =>
        level === i ? probabilities : coarser(probabilities, ancestors(ensemble, level, i), labels.length),
      ),
      { weights: speaking.map(({ weight }) => weight), space: ensemble.space },
    )
  })
  const finest = opinions[last]
  if (finest === undefined) throw new KicError('ensemble/file', 'vote: the ensemble has no levels.')
  const path = decodePath(
    finest,
    opinions
      .slice(0, last)
      .map((probabilities, i) => ({ probabilities, ofClass: ancestors(ensemble, last, i) })),
  )
  const levels = ensemble.levels.map(({ name }, i) => {
    const ofClass = ancestors(ensemble, last, i)
    return [
      name,
      levelVote(
        path.map((c) => ofClass[c] ?? 0),
        opinions[i] ?? finest,
      ),
    ] as const
  })
  return { finest, levels: Object.fromEntries(levels) }
}

const levelVote = (classes: Int32Array, probabilities: Probabilities): LevelVote => ({
  classes,
  confidence: Float32Array.from(
    classes,
    (c, row) => probabilities.data[row * probabilities.classes + c] ?? Number.NaN,
  ),
})
