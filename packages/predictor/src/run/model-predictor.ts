import { createPredictor } from '../answers/create-predictor.ts'
import type { Answering, Predictor, PredictorInfo } from '../answers/predictor.ts'
import type { OpenedModel } from '../model/open-model.ts'
import type { Precision } from '../model/weights.ts'
import { calibrated } from './calibrated.ts'
import { type RawScores, rawScores } from './raw-scores.ts'
import { readDistribution } from './read-distribution.ts'
import { createTextScorer, type TextScorer } from './text-scorer.ts'

/** What a model runs. */
export interface ModelInfo extends PredictorInfo {
  readonly precision: Precision
  /** Longest text that it reads, in tokens, special ones included. */
  readonly maxTokens: number
}

/** A predictor of one model, whose scores can be had too. */
export interface ModelPredictor extends Predictor {
  readonly info: ModelInfo
  /** The model's own scores, for calibration and evaluation. */
  scores(texts: readonly string[], signal?: AbortSignal): Promise<RawScores>
}

/** @param batchSize texts that run together; default 64 */
export const modelPredictor = (model: OpenedModel, batchSize?: number): ModelPredictor => {
  const scorer = createTextScorer(model, batchSize)
  const predictor = createPredictor(modelAnswering(model, scorer))
  const classes = model.tree.codes.length
  return { ...predictor, scores: (texts, signal) => rawScores(scorer, classes, texts, signal) }
}

/** The probabilities of a model's classes, read as answers. */
const modelAnswering = (model: OpenedModel, { score, dispose }: TextScorer): Answering<ModelInfo> => {
  const info = infoOf(model)
  const own = info.levels.at(-1) ?? ''
  const probabilities = new Float64Array(info.classes.length)
  return {
    info,
    answer: async (texts, { topK, reviewBelow, signal, alone }) => {
      const scored = await score(texts, signal, alone)
      return scored.map((row) => {
        if ('reason' in row) return { status: 'unusable', ...row }
        const { text, logits, truncated } = row
        calibrated(logits, info.calibration?.temperature ?? 1, probabilities)
        const { codes, top } = readDistribution(model.tree, probabilities, topK)
        const confidence = codes[own]?.confidence ?? 0
        const status = confidence < reviewBelow ? 'review' : 'coded'
        return { status, text, codes, confidence, top, truncated }
      })
    },
    dispose,
  }
}

export const infoOf = ({
  name,
  precision,
  tree,
  notes,
  maxTokens,
  preparation,
  warnings,
}: OpenedModel): ModelInfo => ({
  name,
  precision,
  levels: tree.levels,
  classes: tree.codes,
  hierarchy: notes.hierarchy,
  maxTokens,
  preparation,
  warnings,
  calibration: notes.calibration,
})
