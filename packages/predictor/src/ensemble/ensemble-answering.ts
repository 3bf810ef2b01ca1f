import type { Classification } from '@kic/classification'
import type { BudgetName, Ensemble } from '@kic/ensemble'
import { logProbability } from '@kic/scores'
import type { Answering } from '../answers/answering.ts'
import type { PredictorInfo } from '../answers/predictor-info.ts'
import type { OwnReasons } from '../explain/own-reasons.ts'
import { answerGuarantees } from '../guarantees/answer-guarantees.ts'
import type { Calibration } from '../model/model-notes.ts'
import { checkText } from '../model/usable-text.ts'
import { opinionsOnTexts, type Vote } from './opinions-on-texts.ts'
import { readVote } from './read-vote.ts'
import type { Voter } from './voter.ts'

/** Description of an ensemble without its models. */
export interface EnsembleFacts {
  readonly name: string
  readonly ensemble: Ensemble
  /** Names and ancestors of the codes. */
  readonly classification: Classification
  /** Of the vote. */
  readonly calibration: Calibration | undefined
  readonly budget: BudgetName | undefined
}

/**
 * Answers of an ensemble, from the vote of its models.
 *
 * @param voters in the order of the ensemble's members
 */
export const ensembleAnswering = (facts: EnsembleFacts, voters: readonly Voter[], vote: Vote): Answering => {
  const { ensemble, classification, calibration } = facts
  const info = infoOf(facts, voters)
  const guaranteed = answerGuarantees(info)
  return {
    info,
    answer: async (texts, { topK, reviewBelow, sets, signal, alone }) => {
      const { rows, members } = await opinionsOnTexts(voters, texts, signal, alone)
      const voted = vote(ensemble, members, calibration?.temperature)
      const votes = { classification, levels: ensemble.levels, vote: voted }
      return rows.map((row) => {
        if ('reason' in row) return { status: 'unusable', ...row }
        const { at, text, truncated } = row
        const { data, classes } = voted.finest
        const answer = { ...readVote(votes, at, text, { topK, reviewBelow }), truncated }
        return guaranteed(answer, data.subarray(at * classes, (at + 1) * classes), sets)
      })
    },
    score: async (texts, signal, alone) => {
      const { rows, members } = await opinionsOnTexts(voters, texts, signal, alone)
      const voted = vote(ensemble, members)
      const { data, classes } = voted.finest
      const logits = data.map(logProbability)
      return rows.map((row) => {
        if ('reason' in row) return row
        const { text, at, truncated } = row
        const codes = Object.fromEntries(
          ensemble.levels.map(({ name, labels }) => [
            name,
            labels[voted.levels[name]?.classes[at] ?? -1] ?? '',
          ]),
        )
        return { text, logits: logits.subarray(at * classes, (at + 1) * classes), codes, truncated }
      })
    },
    examples: examplesOf(ensemble, voters),
    dispose: async () => {
      await Promise.all(voters.map((voter) => voter.dispose()))
    },
  }
}

/** Examples of the first member that has some, if possible of the finest level. */
const examplesOf = ({ members, levels }: Ensemble, voters: readonly Voter[]): OwnReasons['examples'] => {
  const finest = levels.at(-1)?.name
  const own = voters.filter(({ model }) => model.examples !== undefined)
  const [voter] = [...own.filter((one) => members[voters.indexOf(one)]?.level === finest), ...own]
  if (voter?.model.examples === undefined) return undefined
  const { examples, notes, preparation } = voter.model
  return (text, count) => examples(checkText(text, notes, preparation).text, count)
}

const infoOf = (
  { name, ensemble, classification, calibration, budget }: EnsembleFacts,
  voters: readonly Voter[],
): PredictorInfo => {
  const [first] = voters
  if (first === undefined) throw new Error('an ensemble has a member')
  return {
    kind: 'ensemble',
    name,
    models: voters.map(({ model }) => model.info),
    levels: ensemble.levels.map((level) => level.name),
    classes: ensemble.levels.at(-1)?.labels ?? [],
    classification,
    preparation: first.model.preparation,
    warnings: voters.flatMap(({ model }) => model.warnings),
    calibration,
    budget,
  }
}
