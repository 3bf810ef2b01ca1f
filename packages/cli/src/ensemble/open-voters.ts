import type { Classification } from '@kic/classification'
import { KicError } from '@kic/core'
import type { Ensemble } from '@kic/ensemble'
import { type AnswerRow, type Predictor, readVote, type UnusableReason } from '@kic/predictor'
import type { Probabilities } from '@kic/scores'
import type { InputRow } from '../input/read-input.ts'

/** The models of an ensemble, ready to vote. */
export interface Voters {
  readonly levels: readonly string[]
  /** Assumptions about the models' folders, in sentences. */
  readonly warnings: readonly string[]
  vote(rows: readonly InputRow[], signal: AbortSignal): Promise<readonly AnswerRow[]>
  close(): Promise<void>
}

/**
 * Loads an ensemble and its models.
 *
 * @throws KicError `ensemble/file`, `cli/ensemble-model` for a member without a model, and as `loadPredictor`
 */
export const openVoters = async (path: string): Promise<Voters> => {
  const [{ loadEnsemble }, { vote }, { filesIn, loadPredictor, readModelFolder }, { softmaxRows }] =
    await Promise.all([
      import('@kic/ensemble/node'),
      import('@kic/ensemble'),
      import('@kic/predictor/node'),
      import('@kic/scores'),
    ])
  const ensemble = await loadEnsemble(path)
  const predictors: Predictor[] = []
  // An ensemble's file has only codes; the folders of its finest models have their names.
  let classification: Classification | undefined
  for (const { name, model, level } of ensemble.members) {
    if (model === undefined) {
      throw new KicError(
        'cli/ensemble-model',
        `kic ensemble: every member needs a model to vote, received the member '${name}' of ${path} without one. Add its folder as "model".`,
      )
    }
    if (level === ensemble.levels.at(-1)?.name)
      classification ??= (await readModelFolder(filesIn(model))).notes.classification
    predictors.push(await loadPredictor(model))
  }
  if (classification === undefined) throw new Error('an ensemble has a member of its finest level')
  const names = classification
  const levels = ensemble.levels.map(({ name }) => name)
  return {
    levels,
    warnings: predictors.flatMap(({ info }) => info.warnings),
    close: async () => {
      await Promise.all(predictors.map((predictor) => predictor.dispose()))
    },
    vote: async (rows, signal) => {
      const texts = rows.flatMap((row) => ('text' in row ? [row.text] : []))
      const members: Probabilities[] = []
      let reasons: readonly (UnusableReason | undefined)[] = texts.map(() => undefined)
      for (const [i, predictor] of predictors.entries()) {
        const scores = await predictor.scores(texts, signal)
        const probabilities = softmaxRows(scores.logits, scores.classes)
        members.push(inOrder(probabilities, predictor.info.classes, labelsAt(ensemble, i)))
        reasons = reasons.map((before, row) => before ?? scores.reasons[row])
      }
      const voted = texts.length === 0 ? undefined : vote(ensemble, members)
      let at = 0
      return rows.map((row): AnswerRow => {
        if ('reject' in row) return row
        const { text, ...place } = row
        const number = at++
        const reason = reasons[number]
        if (reason !== undefined) return { ...place, prediction: { status: 'unusable', text, reason } }
        if (voted === undefined) throw new Error('texts were voted on')
        const votes = { classification: names, levels: ensemble.levels, vote: voted }
        return { ...place, prediction: readVote(votes, number, text) }
      })
    },
  }
}

const labelsAt = ({ levels, members }: Ensemble, member: number): readonly string[] =>
  levels.find(({ name }) => name === members[member]?.level)?.labels ?? []

/** Probabilities with columns in the order of the ensemble's classes. */
const inOrder = (
  probabilities: Float32Array,
  from: readonly string[],
  to: readonly string[],
): Probabilities => {
  const columns = to.map((code) => from.indexOf(code))
  const rows = probabilities.length / from.length
  const data = new Float32Array(rows * to.length)
  for (let row = 0; row < rows; row++) {
    for (const [c, column] of columns.entries())
      data[row * to.length + c] = probabilities[row * from.length + column] ?? 0
  }
  return { rows, classes: to.length, data }
}
