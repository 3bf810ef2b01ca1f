import { KicError } from '@kic/core'
import type { Probabilities } from '@kic/scores'

/**
 * Probabilities of a coarser level: each class has the sum of the classes that belong to it.
 *
 * @param ofClass the coarser class of each class, C numbers
 * @param classes how many coarser classes there are
 * @throws KicError `ensemble/hierarchy`
 */
export const coarser = (
  { rows, classes: fine, data }: Probabilities,
  ofClass: Int32Array,
  classes: number,
): Probabilities => {
  checkParents('coarser', ofClass, fine, classes)
  const sums = new Float64Array(classes)
  const result = new Float32Array(rows * classes)
  for (let row = 0; row < rows; row++) {
    sums.fill(0)
    for (let c = 0; c < fine; c++) {
      const parent = ofClass[c] ?? 0
      sums[parent] = (sums[parent] ?? 0) + (data[row * fine + c] ?? 0)
    }
    result.set(sums, row * classes)
  }
  return { rows, classes, data: result }
}

/** @throws KicError `ensemble/hierarchy` where a class has no parent among the coarser ones. */
export const checkParents = (caller: string, ofClass: Int32Array, fine: number, classes: number): void => {
  const bad = ofClass.findIndex((parent) => parent < 0 || parent >= classes)
  if (ofClass.length === fine && bad < 0) return
  const what =
    bad >= 0
      ? `class ${bad} belongs to ${ofClass[bad]}, and there are ${classes} coarser classes`
      : `${ofClass.length} classes have parents, and there are ${fine} classes`
  throw new KicError('ensemble/hierarchy', `${caller}: the levels are of no one hierarchy: ${what}.`)
}
