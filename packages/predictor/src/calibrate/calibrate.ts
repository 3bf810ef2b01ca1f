import { type Labels, labelsOf } from '@kic/classification'
import { defined, KicError } from '@kic/core'
import { argMax, softmax, validationCurve } from '@kic/scores'
import type { Predictor } from '../answers/predictor.ts'
import type { PredictorErrorCode } from '../error-code.ts'
import type { Calibration } from '../model/model-notes.ts'
import { judgeCodes } from './judge-row.ts'
import { rowScores } from './row-scores.ts'
import { temperatureOf } from './temperature-of.ts'

/** A text with known codes. */
export interface LabelledText {
  readonly text: string
  /** Level name to code. Rows may have labels at different levels. */
  readonly labels: Labels
}

/**
 * Fits the temperature of a model, or of an ensemble's vote, on rows outside its training, and counts its results on them by
 * threshold.
 *
 * A row does not affect the temperature if the model cannot use it, if its class is not in the model, or if it has no
 * label at the model's own level. In the curve, such rows are not coded, are coded wrongly, or count at the levels of
 * their labels, respectively.
 *
 * @param on a description of the rows, for readers of the model's folder
 * @param progress receives the number of rows computed
 * @throws KicError `predictor/calibration-rows` if no row has a class of the model, or the model can use none of them
 */
export const calibrate = async (
  predictor: Predictor,
  rows: readonly LabelledText[],
  on: string,
  progress: (computed: number) => void = () => undefined,
): Promise<Calibration> => {
  const { classes, levels, classification } = predictor.info
  const own = defined(levels.at(-1))
  const numbers = rows.map(({ labels }) => classes.indexOf(labels[own] ?? ''))
  if (numbers.every((number) => number < 0)) {
    throw new KicError<PredictorErrorCode>(
      'predictor/calibration-rows',
      `calibrate: rows must have labels among the model's classes, codes of the level ${own} such as ${classes[0]}, ` +
        `received ${rows.length} rows without one. Use rows of the model's task.`,
    )
  }
  const scores = await rowScores(predictor, rows, progress)
  const temperature = temperatureOf(
    scores.map((row) => row?.logits),
    numbers,
  )
  const codes = classes.map((code) => labelsOf(classification, own, code))
  const judged = rows.map(({ labels }, i) => {
    const row = scores[i]
    if (row === undefined) return judgeCodes(levels, undefined, labels)
    const probabilities = softmax(row.logits, { temperature })
    const best = row.codes === undefined ? argMax(probabilities) : classes.indexOf(defined(row.codes[own]))
    const found = row.codes ?? defined(codes[best])
    return judgeCodes(levels, { codes: found, confidence: defined(probabilities[best]) }, labels)
  })
  return { temperature, on, curve: validationCurve(levels, judged) }
}
