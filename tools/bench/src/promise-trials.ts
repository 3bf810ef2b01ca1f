import { labelsOf } from '@kic/classification'
import { createRandom, defined } from '@kic/core'
import {
  type CodeSets,
  calibrate,
  calibrationHalves,
  type LabelledText,
  type LevelCode,
  type PredictorInfo,
} from '@kic/predictor'
import { argMax, softmax } from '@kic/scores'
import type { JudgedModel } from './judged-model.ts'

/** A row that a calibrated model is judged on. */
export interface TriedRow {
  readonly labels: LabelledText['labels']
  /** [C], calibrated. */
  readonly probabilities: Float64Array
  /** The answer by level name. */
  readonly answer: Readonly<Record<string, LevelCode>>
}

/** A calibration of a model, and rows that it is judged on. */
export interface Trial {
  readonly info: PredictorInfo
  readonly calibration: readonly LabelledText[]
  readonly rows: readonly TriedRow[]
}

/** Calibrates on one half of a model's rows, drawn at random, and judges on the other. */
export const half = (model: JudgedModel, seed: number): Promise<Trial> => {
  const order = createRandom('halves', seed).shuffle(model.rows)
  const middle = Math.floor(order.length / 2)
  return trial(model, order.slice(0, middle), order.slice(middle))
}

/** Calibrates as `kic calibrate` does. */
export const trial = async (
  { predictor }: JudgedModel,
  calibration: readonly LabelledText[],
  judged: readonly LabelledText[],
): Promise<Trial> => {
  const fitted = await calibrate(predictor, calibration, 'calibration rows')
  const info: PredictorInfo = { ...predictor.info, calibration: fitted }
  const { logits, classes } = await predictor.scores(judged.map(({ text }) => text))
  const own = defined(info.levels.at(-1))
  const paths = info.classes.map((code) => labelsOf(info.classification, own, code))
  const rows = judged.map(({ labels }, i) => {
    const row = logits.subarray(i * classes, (i + 1) * classes)
    const probabilities = softmax(row, { temperature: fitted.temperature })
    const best = argMax(probabilities)
    const confidence = defined(probabilities[best])
    const answer = Object.fromEntries(
      Object.entries(defined(paths[best])).map(([level, code]) => [level, { code, name: '', confidence }]),
    )
    return { labels, probabilities, answer }
  })
  return { info, calibration, rows }
}

/** Classes with fewer rows share the thresholds of a pool. */
const LEAST_ROWS = 50

/** `level code` of the classes with thresholds of their own. */
export const frequentCodes = (
  calibration: readonly LabelledText[],
  levels: readonly string[],
): ReadonlySet<string> => {
  const counts = new Map<string, number>()
  const { guaranteeing } = calibrationHalves(calibration, levels.at(-1) ?? '')
  for (const { labels } of guaranteeing)
    for (const level of levels) {
      const key = `${level} ${labels[level]}`
      counts.set(key, (counts.get(key) ?? 0) + 1)
    }
  return new Set([...counts].flatMap(([key, count]) => (count >= LEAST_ROWS ? [key] : [])))
}

/** Covered rows and sizes of sets, by any key. */
export class SetCounts {
  readonly #sums = new Map<string, { rows: number; covered: number; codes: number }>()

  add(key: string, set: CodeSets[string] | undefined, truth: string | undefined): void {
    const sums = this.#sums.get(key) ?? { rows: 0, covered: 0, codes: 0 }
    sums.rows += 1
    sums.codes += defined(set).length
    if (defined(set).some(({ code }) => code === truth)) sums.covered += 1
    this.#sums.set(key, sums)
  }

  keys(): readonly string[] {
    return [...this.#sums.keys()]
  }

  /** The share of covered rows, and the mean size of their sets. */
  of(key: string): { readonly rows: number; readonly covered: number; readonly size: number } {
    const { rows, covered, codes } = defined(this.#sums.get(key))
    return { rows, covered: covered / rows, size: codes / rows }
  }
}
