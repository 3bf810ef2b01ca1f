import type { Labels } from '@kic/classification'
import { KicError } from '@kic/core'
import { fitTemperature, type JudgedRow, validationCurve } from '@kic/scores'
import type { Prediction } from '../answers/prediction.ts'
import type { Calibration } from '../model/model-notes.ts'
import type { Predictor } from '../predictor.ts'

/** A text whose codes are known. */
export interface LabelledText {
  readonly text: string
  /** Level name to code; rows may be labelled to different levels. */
  readonly labels: Labels
}

/**
 * Whether a prediction is right at each level, as far as the row has a label there; nothing is known of a level without
 * one.
 */
export const judgeRow = (levels: readonly string[], prediction: Prediction, labels: Labels): JudgedRow => ({
  confidence: prediction.status === 'unusable' ? undefined : prediction.confidence,
  correct: Object.fromEntries(
    levels.flatMap((level) => {
      const label = labels[level]
      const right = prediction.status !== 'unusable' && prediction.codes[level]?.code === label
      return label === undefined ? [] : [[level, right] as const]
    }),
  ),
})

/** Rows that are computed before progress is told. */
const WINDOW = 4096

/**
 * Fits a model's temperature on rows that it did not learn from, and counts what it does on them by threshold.
 *
 * Rows that the model cannot use, whose class it does not have, or that are not labelled to the model's own level say
 * nothing about the temperature. In the curve, the first are rows that are not coded, the second are coded wrongly, and
 * the last are counted at the levels that they are labelled at.
 *
 * @param on the rows, in words, for people who read the model's folder
 * @param progress is told how many rows were computed; each is computed twice
 * @throws KicError `predictor/calibration-rows` where no row has a class of the model, or the model can use none of them.
 */
export const calibrate = async (
  predictor: Predictor,
  rows: readonly LabelledText[],
  on: string,
  progress: (computed: number) => void = () => undefined,
): Promise<Calibration> => {
  const { classes, levels } = predictor.info
  const own = levels.at(-1) ?? ''
  const numbers = rows.map(({ labels }) => classes.indexOf(labels[own] ?? ''))
  if (numbers.every((number) => number < 0)) {
    throw new KicError(
      'predictor/calibration-rows',
      `calibrate: rows must be labelled with the model's classes, codes of the level ${own} such as ${classes[0]}, ` +
        `received ${rows.length} rows without one. Give rows of the model's task.`,
    )
  }
  const temperature = await temperatureOf(predictor, rows, numbers, progress)
  const judged: JudgedRow[] = []
  for (let start = 0; start < rows.length; start += WINDOW) {
    const window = rows.slice(start, start + WINDOW)
    const predictions = await predictor.predict(
      window.map(({ text }) => text),
      { temperature, topK: 1 },
    )
    for (const [i, prediction] of predictions.entries())
      judged.push(judgeRow(levels, prediction, window[i]?.labels ?? {}))
    progress(rows.length + start + window.length)
  }
  return { temperature, on, curve: validationCurve(levels, judged) }
}

const temperatureOf = async (
  predictor: Predictor,
  rows: readonly LabelledText[],
  numbers: readonly number[],
  progress: (computed: number) => void,
): Promise<number> => {
  const classes = predictor.info.classes.length
  const [logits, labels]: [number[], number[]] = [[], []]
  for (let start = 0; start < rows.length; start += WINDOW) {
    const window = rows.slice(start, start + WINDOW)
    const scores = await predictor.scores(window.map(({ text }) => text))
    for (const [i, usable] of scores.usable.entries()) {
      const number = numbers[start + i] ?? -1
      if (!usable || number < 0) continue
      for (const score of scores.logits.subarray(i * classes, (i + 1) * classes)) logits.push(score)
      labels.push(number)
    }
    progress(start + window.length)
  }
  if (labels.length === 0) {
    throw new KicError(
      'predictor/calibration-rows',
      `calibrate: some labelled text must be usable, received ${rows.length} that the model knows no part of, or that are not in ` +
        'its language. Give rows of the model’s task.',
    )
  }
  return fitTemperature({ logits, classes, labels })
}
