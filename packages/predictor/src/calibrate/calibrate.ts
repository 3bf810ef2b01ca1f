import { type Labels, labelsOf } from '@kic/classification'
import { KicError } from '@kic/core'
import { fitTemperature, type JudgedRow, validationCurve } from '@kic/scores'
import { largest } from '../answers/largest.ts'
import type { Predictor } from '../answers/predictor.ts'
import type { Calibration } from '../model/model-notes.ts'
import { calibrated } from '../run/calibrated.ts'
import { judgeCodes } from './judge-row.ts'

/** A text whose codes are known. */
export interface LabelledText {
  readonly text: string
  /** Level name to code; rows may be labelled to different levels. */
  readonly labels: Labels
}

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
 * @param progress is told how many rows were computed
 * @throws KicError `predictor/calibrate-ensemble`: an ensemble votes with its models' temperatures; `predictor/calibration-rows` where no row has a class of the model, or the model can use none of them.
 */
export const calibrate = async (
  predictor: Predictor,
  rows: readonly LabelledText[],
  on: string,
  progress: (computed: number) => void = () => undefined,
): Promise<Calibration> => {
  const { kind, name, classes, levels, hierarchy } = predictor.info
  if (kind === 'ensemble') {
    throw new KicError(
      'predictor/calibrate-ensemble',
      `calibrate: predictor must be a model, received the ensemble ${name}. Calibrate its models, then create it again.`,
    )
  }
  const own = levels.at(-1) ?? ''
  const numbers = rows.map(({ labels }) => classes.indexOf(labels[own] ?? ''))
  if (numbers.every((number) => number < 0)) {
    throw new KicError(
      'predictor/calibration-rows',
      `calibrate: rows must be labelled with the model's classes, codes of the level ${own} such as ${classes[0]}, ` +
        `received ${rows.length} rows without one. Give rows of the model's task.`,
    )
  }
  const logits = await logitsOf(predictor, rows, progress)
  const temperature = temperatureOf(logits, numbers)
  const codes = classes.map((code) => labelsOf(hierarchy, own, code))
  const judged = rows.map(({ labels }, i): JudgedRow => {
    const row = logits[i]
    if (row === undefined) return judgeCodes(levels, undefined, labels)
    const probabilities = calibrated(row, temperature)
    const [best = 0] = largest(probabilities, 1)
    return judgeCodes(levels, { codes: codes[best] ?? {}, confidence: probabilities[best] ?? 0 }, labels)
  })
  return { temperature, on, curve: validationCurve(levels, judged) }
}

/** Of each row its logits [C]; `undefined` where the model cannot use the text. */
const logitsOf = async (
  predictor: Predictor,
  rows: readonly LabelledText[],
  progress: (computed: number) => void,
): Promise<readonly (Float32Array | undefined)[]> => {
  const found: (Float32Array | undefined)[] = []
  for (let start = 0; start < rows.length; start += WINDOW) {
    const window = rows.slice(start, start + WINDOW)
    const { logits, classes, usable } = await predictor.scores(window.map(({ text }) => text))
    for (const [i, isUsable] of usable.entries())
      found.push(isUsable ? logits.subarray(i * classes, (i + 1) * classes) : undefined)
    progress(found.length)
  }
  return found
}

const temperatureOf = (rows: readonly (Float32Array | undefined)[], numbers: readonly number[]): number => {
  const [usable, labels]: [Float32Array[], number[]] = [[], []]
  for (const [i, row] of rows.entries()) {
    const number = numbers[i] ?? -1
    if (row === undefined || number < 0) continue
    usable.push(row)
    labels.push(number)
  }
  const classes = usable[0]?.length
  if (classes === undefined) {
    throw new KicError(
      'predictor/calibration-rows',
      `calibrate: some labelled text must be usable, received ${rows.length} that the model knows no part of, or that are not in ` +
        'its language. Give rows of the model’s task.',
    )
  }
  const logits = new Float32Array(usable.length * classes)
  for (const [i, row] of usable.entries()) logits.set(row, i * classes)
  return fitTemperature({ logits, classes, labels })
}
