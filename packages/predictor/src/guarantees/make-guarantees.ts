import type { Labels } from '@kic/classification'
import { conformalCalibration, type JudgedRow, noveltyCalibration, validationCurve } from '@kic/scores'
import type { PredictorInfo } from '../answers/predictor-info.ts'
import type { Guarantees } from './guarantees.ts'
import { levelClasses, probabilitiesAt } from './level-classes.ts'
import { familiarity } from './novelty.ts'

/** A row that chose neither the model nor its temperature, with the model's answer. */
export interface GuaranteeRow {
  readonly labels: Labels
  /** [C], calibrated; `undefined` for an unusable text. */
  readonly probabilities: Float64Array | undefined
  readonly judged: JudgedRow
}

/**
 * What rows show about answers to texts like them. A row counts for the sets of a level if the model can use it and it has a
 * label there among the model's codes: no set can have another one. All rows count for the curve.
 *
 * @param rows at least one of them usable
 * @param on a description of the rows
 */
export const makeGuarantees = (
  info: PredictorInfo,
  rows: readonly GuaranteeRow[],
  on: string,
): Guarantees => {
  const usable = rows.flatMap(({ labels, probabilities }) =>
    probabilities === undefined ? [] : [{ labels, probabilities }],
  )
  const sets = levelClasses(info).map((at) => {
    const labelled = usable.flatMap(({ labels, probabilities }) => {
      const code = at.codes.indexOf(labels[at.level] ?? '')
      return code < 0 ? [] : [{ code, probabilities }]
    })
    const matrix = new Float64Array(labelled.length * at.codes.length)
    for (const [row, { probabilities }] of labelled.entries())
      matrix.set(probabilitiesAt(at, probabilities), row * at.codes.length)
    const codes = labelled.map(({ code }) => code)
    return [at.level, conformalCalibration(matrix, at.codes.length, codes)] as const
  })
  return {
    on,
    curve: validationCurve(
      info.levels,
      rows.map(({ judged }) => judged),
    ),
    sets: Object.fromEntries(sets),
    novelty: noveltyCalibration(usable.map(({ probabilities }) => familiarity(probabilities))),
  }
}
