import type { Labels } from '@kic/classification'
import { KicError } from '@kic/core'
import { fitTemperature, type JudgedRow, validationCurve } from '@kic/scores'
import type { Calibration } from './model-notes.ts'
import type { Prediction } from './prediction.ts'
import type { Predictor } from './predictor.ts'

/** A text with known codes. */
export interface LabelledText {
  readonly text: string
  /** Level name to code. Rows may have labels at different levels. */
  readonly labels: Labels
}

/** Whether a prediction is right at each level with a label; levels without a label are left out. */
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

/** Rows computed between two progress reports. */
const WINDOW = 4096

/**
 * Fits a model's temperature on rows outside its training, and counts its results on them by threshold.
 *
 * A row does not affect the temperature if the model cannot use it, if its class is not in the model, or if it has no
 * label at the model's own level. In the curve, such rows are not coded, are coded wrongly, or count at the levels of
 * their labels, respectively.
 *
 * @param on a description of the rows, for readers of the model's folder
 * @param progress receives the number of rows computed; each is computed twice
 * @throws KicError `predictor/calibration-rows` if no row has a class of the model, or the model can use none of them
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
      `calibrate: rows must have labels among the model's classes, codes of the level ${own} such as ${classes[0]}, ` +
        `received ${rows.length} rows without one. Use rows of the model's task.`,
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
      `calibrate: some labelled text must be usable, received ${rows.length} texts outside the model's vocabulary or in another ` +
        'language. Use rows of the model’s task.',
    )
  }
  return fitTemperature({ logits, classes, labels })
}
