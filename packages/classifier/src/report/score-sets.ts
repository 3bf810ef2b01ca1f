import type { Labels } from '@kic/classification'
import { defined } from '@kic/core'
import { type CodeSets, codeSets, type Prediction, type PredictorInfo } from '@kic/predictor'

/** What the sets of a level did at a coverage. */
export interface LevelCoverage {
  /** Rows with a set and a label at this level. */
  readonly rows: number
  /** The share of them whose set has the true code. */
  readonly covered: number
  /** Mean number of codes in a set. */
  readonly size: number
}

/** What sets of codes did on labelled rows. */
export interface SetScores {
  /** The coverage asked for. */
  readonly coverage: number
  /** By level name; a level without such rows is absent. */
  readonly levels: Readonly<Record<string, LevelCoverage>>
}

const COVERAGES = [0.8, 0.9, 0.95]

/** Counts sets of codes, of answers that list all classes. */
export interface SetCounter {
  add(prediction: Prediction, labels: Labels): void
  scores(): readonly SetScores[]
}

/**
 * Counts how often the sets of a model with guarantees have the true code. One answer is enough for all coverages.
 *
 * @throws KicError `predictor/no-guarantees`
 */
export const setCounter = (info: PredictorInfo): SetCounter => {
  const setsOf = codeSets(info)
  const numbers = new Map(info.classes.map((code, c) => [code, c]))
  const counts = COVERAGES.map((coverage) => ({
    coverage,
    levels: info.levels.map((level) => ({ level, rows: 0, covered: 0, codes: 0 })),
  }))
  const count = (at: (typeof counts)[number], sets: CodeSets, labels: Labels): void => {
    for (const one of at.levels) {
      const label = labels[one.level]
      if (label === undefined) continue
      const set = defined(sets[one.level])
      one.rows += 1
      one.codes += set.length
      if (set.some(({ code }) => code === label)) one.covered += 1
    }
  }
  return {
    add: (prediction, labels) => {
      if (prediction.status === 'unusable') return
      const probabilities = new Float64Array(info.classes.length)
      for (const { code, confidence } of prediction.top)
        probabilities[defined(numbers.get(code))] = confidence
      for (const at of counts)
        count(at, setsOf(probabilities, prediction.codes, { coverage: at.coverage }), labels)
    },
    scores: () =>
      counts.map(({ coverage, levels }) => ({
        coverage,
        levels: Object.fromEntries(
          levels.flatMap(({ level, rows, covered, codes }) =>
            rows === 0 ? [] : [[level, { rows, covered: covered / rows, size: codes / rows }]],
          ),
        ),
      })),
  }
}
