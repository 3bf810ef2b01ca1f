import type { Hierarchy } from '@kic/classification'
import type { Ensemble, EnsembleVote, Probabilities } from '@kic/ensemble'
import { createPredictor } from '../answers/create-predictor.ts'
import type { Answering, Predictor, PredictorInfo } from '../answers/predictor.ts'
import { isScored } from '../run/text-scorer.ts'
import { readVote } from './read-vote.ts'
import type { Voter } from './voter.ts'

/** How models vote. */
export interface Voting {
  /** What the ensemble is called. */
  readonly name: string
  readonly ensemble: Ensemble
  /** Where the codes' names and ancestors are. */
  readonly hierarchy: Hierarchy
  /** `vote` of `@kic/ensemble`. */
  readonly vote: (ensemble: Ensemble, members: readonly Probabilities[]) => EnsembleVote
}

/** A predictor whose answers are the vote of models, in the order of the ensemble's members. */
export const ensemblePredictor = (voting: Voting, voters: readonly Voter[]): Predictor =>
  createPredictor(ensembleAnswering(voting, voters))

/** A text that one of the models cannot use is unusable: there is no vote without a voter. */
const ensembleAnswering = (voting: Voting, voters: readonly Voter[]): Answering => ({
  info: infoOf(voting, voters),
  answer: async (texts, { topK, reviewBelow, signal, alone }) => {
    const { ensemble, hierarchy, vote } = voting
    const scored: Awaited<ReturnType<Voter['score']>>[] = []
    for (const { score } of voters) scored.push(await score(texts, signal, alone))
    const opinions = texts.map((_, i) => scored.flatMap((rows) => rows[i] ?? []))
    const usable = opinions.filter((one) => one.every(isScored))
    const members = voters.map(({ probabilities }, k) =>
      probabilities(usable.flatMap((one) => one[k] ?? []).filter(isScored)),
    )
    const votes = { hierarchy, levels: ensemble.levels, vote: vote(ensemble, members) }
    let at = 0
    return opinions.map((rows) => {
      const text = rows[0]?.text ?? ''
      for (const row of rows) if (!isScored(row)) return { status: 'unusable', text, reason: row.reason }
      const truncated = rows.some((row) => isScored(row) && row.truncated)
      return { ...readVote(votes, at++, text, { topK, reviewBelow }), truncated }
    })
  },
  dispose: async () => {
    await Promise.all(voters.map((voter) => voter.dispose()))
  },
})

const infoOf = (
  { name, ensemble, hierarchy }: Voting,
  [first, ...others]: readonly Voter[],
): PredictorInfo => {
  if (first === undefined) throw new Error('an ensemble has a member')
  return {
    name,
    levels: ensemble.levels.map((level) => level.name),
    classes: ensemble.levels.at(-1)?.labels ?? [],
    hierarchy,
    preparation: first.model.preparation,
    warnings: [first, ...others].flatMap(({ model }) => model.warnings),
  }
}
