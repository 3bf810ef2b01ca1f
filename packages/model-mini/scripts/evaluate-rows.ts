import type { LabelledText, Predictor } from '@kic/predictor'
import { classificationScores, expectedCalibrationError } from '@kic/trainer'

/** How well a predictor does on labelled rows. */
export interface Figures {
  readonly rows: number
  /** By level name. */
  readonly levels: Readonly<Record<string, { readonly accuracy: number; readonly macroF1: number }>>
  /** Share of rows whose class is among the three most probable. */
  readonly top3: number
  /** Expected calibration error of the finest level. */
  readonly calibrationError: number
}

/** Accuracy and macro-F1 at every level, top 3, and the calibration error; unusable rows count as wrong. */
export const evaluateRows = async (predictor: Predictor, rows: readonly LabelledText[]): Promise<Figures> => {
  const { levels } = predictor.info
  const own = levels.at(-1) ?? ''
  const predictions = await predictor.predict(
    rows.map(({ text }) => text),
    { topK: 3 },
  )
  const found = (level: string): string[] =>
    predictions.map((prediction) =>
      prediction.status === 'unusable' ? '' : (prediction.codes[level]?.code ?? ''),
    )
  const scores = levels.map((level) => {
    const actual = rows.map(({ labels }) => labels[level] ?? '')
    const codes = [...new Set([...actual, ...found(level)])]
    const numbers = (of: readonly string[]): Int32Array => Int32Array.from(of, (code) => codes.indexOf(code))
    const { accuracy, macroF1 } = classificationScores(numbers(found(level)), numbers(actual))
    return [level, { accuracy, macroF1 }] as const
  })
  const hits = predictions.filter(
    (prediction, i) =>
      prediction.status !== 'unusable' && prediction.top.some(({ code }) => code === rows[i]?.labels[own]),
  )
  // Two columns, "right" and "wrong", of which the larger one may be the second: bins of confidence of being right.
  const confidences = predictions.map((prediction) =>
    'confidence' in prediction ? prediction.confidence : 0,
  )
  const right = found(own).map((code, i) => code === rows[i]?.labels[own])
  return {
    rows: rows.length,
    levels: Object.fromEntries(scores),
    top3: hits.length / rows.length,
    calibrationError: binnedGap(confidences, right),
  }
}

/** Expected calibration error of confidences: each is the only probability of its row. */
const binnedGap = (confidences: readonly number[], right: readonly boolean[]): number =>
  expectedCalibrationError(
    confidences,
    1,
    right.map((correct) => (correct ? 0 : -1)),
  )
