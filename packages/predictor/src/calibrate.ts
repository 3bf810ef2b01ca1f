import type { Labels } from '@kic/data/ksic'
import type { Calibration } from './model-notes.ts'
import type { Predictor } from './predictor.ts'
import { fitTemperature } from './temperature.ts'
import { type JudgedRow, validationCurve } from './validation-curve.ts'

/** A text whose codes are known. */
export interface LabelledText {
  readonly text: string
  /** Level name to code. */
  readonly labels: Labels
}

/**
 * Fits a model's temperature on rows that it did not learn from, and counts what it does on them by threshold.
 *
 * Rows that the model cannot use, or whose class it does not have, say nothing about the temperature; in the curve they
 * are rows that are not coded, or coded wrongly.
 *
 * @param on the rows, in words, for people who read the model's folder
 * @throws KicError `predictor/calibration-rows` where no row has a class of the model.
 */
export const calibrate = async (
  predictor: Predictor,
  rows: readonly LabelledText[],
  on: string,
): Promise<Calibration> => {
  const { classes, levels } = predictor.info
  const own = levels.at(-1) ?? ''
  const texts = rows.map(({ text }) => text)
  const { logits, usable } = await predictor.scores(texts)
  const numbers = rows.map(({ labels }) => classes.indexOf(labels[own] ?? ''))
  const counted = rows.flatMap((_, i) => (usable[i] === true && (numbers[i] ?? -1) >= 0 ? [i] : []))
  const temperature = fitTemperature({
    logits: Float32Array.from(
      counted.flatMap((i) => [...logits.subarray(i * classes.length, (i + 1) * classes.length)]),
    ),
    classes: classes.length,
    labels: counted.map((i) => numbers[i] ?? 0),
  })
  const predictions = await predictor.predict(texts, { temperature, topK: 1 })
  const judged = rows.map(({ labels }, i): JudgedRow => {
    const prediction = predictions[i]
    if (prediction === undefined || prediction.status === 'unusable')
      return { confidence: undefined, correct: {} }
    return {
      confidence: prediction.confidence,
      correct: Object.fromEntries(
        levels.map((level) => [level, prediction.codes[level]?.code === labels[level]]),
      ),
    }
  })
  return { temperature, on, curve: validationCurve(levels, judged) }
}
