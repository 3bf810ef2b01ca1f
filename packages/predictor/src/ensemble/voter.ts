import { defined, KicError } from '@kic/core'
import { type Probabilities, softmaxRows } from '@kic/scores'
import type { ScoredText } from '../answers/scored-text.ts'
import type { PredictorErrorCode } from '../error-code.ts'
import type { OpenedModel, ScorerOptions } from '../model/opened-model.ts'
import type { TextScorer } from '../run/text-scorer.ts'

/** A running model that votes. */
export interface Voter extends TextScorer {
  readonly model: OpenedModel
  /** Its probabilities, with columns in the order of the ensemble's classes. */
  probabilities(rows: readonly ScoredText[]): Probabilities
}

/**
 * @param labels codes of the model's level, in the ensemble's order
 * @throws KicError `predictor/ensemble-classes` if the model has other classes
 */
export const createVoter = (model: OpenedModel, labels: readonly string[], options: ScorerOptions): Voter => {
  const { codes } = model.tree
  const columns = labels.map((code) => codes.indexOf(code))
  const missing = columns.indexOf(-1)
  if (missing >= 0 || codes.length !== labels.length) {
    throw new KicError<PredictorErrorCode>(
      'predictor/ensemble-classes',
      `loadPredictor: ${model.name} must have the ${labels.length} classes of its ensemble, received ${codes.length}` +
        `${missing < 0 ? '' : ` without '${labels[missing]}'`}. Create the ensemble again.`,
    )
  }
  return {
    ...model.createScorer(options),
    model,
    probabilities: (rows) => {
      const logits = new Float32Array(rows.length * columns.length)
      let at = 0
      for (const row of rows) for (const column of columns) logits[at++] = defined(row.logits[column])
      return { rows: rows.length, classes: columns.length, data: softmaxRows(logits, columns.length) }
    },
  }
}
