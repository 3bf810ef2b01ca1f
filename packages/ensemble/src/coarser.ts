import { type AncestorLevel, ancestorFault } from '@kic/classification'
import { KicError } from '@kic/core'
import type { Probabilities } from '@kic/scores'
import type { EnsembleErrorCode } from './error-code.ts'

/**
 * Probabilities of a coarser level: each class has the sum of the classes that belong to it.
 *
 * @param level as `ancestorLevels` of `@kic/classification` gives it
 * @throws KicError `ensemble/hierarchy`
 */
export const coarser = (
  { rows, classes: fine, data }: Probabilities,
  level: AncestorLevel,
): Probabilities => {
  checkAncestors('coarser', level, fine)
  const { ofClass } = level
  const classes = level.labels.length
  const sums = new Float64Array(classes)
  const result = new Float32Array(rows * classes)
  for (let row = 0; row < rows; row++) {
    sums.fill(0)
    for (let c = 0; c < fine; c++) {
      const ancestor = ofClass[c] ?? 0
      sums[ancestor] = (sums[ancestor] ?? 0) + (data[row * fine + c] ?? 0)
    }
    result.set(sums, row * classes)
  }
  return { rows, classes, data: result }
}

/** @throws KicError `ensemble/hierarchy` where a class has no ancestor at the level. */
export const checkAncestors = (caller: string, level: AncestorLevel, classes: number): void => {
  const fault = ancestorFault(level, classes)
  if (fault !== undefined)
    throw new KicError<EnsembleErrorCode>(
      'ensemble/hierarchy',
      `${caller}: ${fault}. Take all levels from one classification, by ancestorLevels.`,
    )
}
