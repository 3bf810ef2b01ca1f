import { defined } from '@kic/core'
import { softmax } from '@kic/scores'
import type { Answering } from '../answers/answering.ts'
import type { Prediction } from '../answers/prediction.ts'
import type { PredictorInfo } from '../answers/predictor-info.ts'
import { isScored, type RefusedText, type ScoredText } from '../answers/scored-text.ts'
import { answerGuarantees } from '../guarantees/answer-guarantees.ts'
import type { OpenedModel } from '../model/opened-model.ts'
import { mapInTurns } from './map-in-turns.ts'
import { readDistribution } from './read-distribution.ts'

/**
 * Answers of a single model, from the calibrated probabilities of its classes.
 *
 * @param batchSize texts per batch; default 64
 */
export const modelAnswering = (model: OpenedModel, batchSize: number | undefined): Answering => {
  const { score, dispose } = model.createScorer({ batchSize })
  const info = infoOf(model)
  const own = defined(info.levels.at(-1))
  const guaranteed = answerGuarantees(info)
  const probabilities = new Float64Array(info.classes.length)
  const calibrated = { temperature: info.calibration?.temperature, into: probabilities }
  return {
    info,
    answer: async (texts, { topK, reviewBelow, sets, signal, alone }) => {
      const scored = await score(texts, signal, alone)
      const answerRow = (row: ScoredText | RefusedText): Prediction => {
        if (!isScored(row)) return { status: 'unusable', ...row }
        const { text, logits, truncated } = row
        softmax(logits, calibrated)
        const { codes, top } = readDistribution(model.tree, probabilities, topK)
        const { confidence } = defined(codes[own])
        const status = confidence < reviewBelow ? 'review' : 'coded'
        return guaranteed({ status, text, codes, confidence, top, truncated }, probabilities, sets)
      }
      return mapInTurns(scored, answerRow, signal)
    },
    score,
    contributions: model.contributions,
    examples: model.examples,
    dispose,
  }
}

const infoOf = (model: OpenedModel): PredictorInfo => {
  const { name, tree, notes, preparation, warnings } = model
  return {
    kind: 'model',
    name,
    models: [model.info],
    levels: tree.levels,
    classes: tree.codes,
    classification: notes.classification,
    preparation,
    warnings,
    calibration: notes.calibration,
  }
}
