import { type AncestorLevel, ancestorFault } from '@kic/classification'
import { defined, KicError } from '@kic/core'
import type { Probabilities } from '@kic/scores'
import type { EnsembleErrorCode } from './error-code.ts'

/**
 * Probabilities of a coarser level: each class gets the sum of the classes below it.
 *
 * @param level a result of `ancestorLevels` of `@kic/classification`
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
      const ancestor = defined(ofClass[c])
      sums[ancestor] = defined(sums[ancestor]) + defined(data[row * fine + c])
    }
    result.set(sums, row * classes)
  }
  return { rows, classes, data: result }
}

/** @throws KicError `ensemble/hierarchy` if a class has no ancestor at the level. */
export const checkAncestors = (caller: string, level: AncestorLevel, classes: number): void => {
  const fault = ancestorFault(level, classes)
  if (fault !== undefined)
    throw new KicError<EnsembleErrorCode>(
      'ensemble/hierarchy',
      `${caller}: ${fault}. Take all levels from one classification, by ancestorLevels.`,
    )
}
