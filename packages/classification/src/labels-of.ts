import type { Classification, Labels } from './classification.ts'
import { entryOf, indexOf } from './classification-index.ts'
import { levelNames } from './level-names.ts'

/**
 * A code with everything above it, by level name. Equal arguments return the same object, so a million rows hold
 * no more label objects than there are classes.
 *
 * @throws KicError `classification/unknown-level`, `classification/unknown-code`.
 */
export const labelsOf = (classification: Classification, level: string, code: string): Labels =>
  entryOf('labelsOf', classification, level, code).labels

/**
 * The code one level above; undefined at the topmost level.
 *
 * @throws KicError `classification/unknown-level`, `classification/unknown-code`.
 */
export const parentOf = (classification: Classification, level: string, code: string): string | undefined =>
  entryOf('parentOf', classification, level, code).node.parent

/**
 * The codes above this one, coarsest first.
 *
 * @throws KicError `classification/unknown-level`, `classification/unknown-code`.
 */
export const ancestorsOf = (classification: Classification, level: string, code: string): readonly string[] =>
  Object.values(entryOf('ancestorsOf', classification, level, code).labels).slice(0, -1)

/**
 * The codes one level below, in the order of the classification; none at the finest level.
 *
 * @throws KicError `classification/unknown-level`, `classification/unknown-code`.
 */
export const childrenOf = (classification: Classification, level: string, code: string): readonly string[] =>
  entryOf('childrenOf', classification, level, code).children

/** Whether every code exists and every level belongs to the one above it, so that the labels are one path. */
export const isConsistent = (classification: Classification, labels: Labels): boolean => {
  const finest = levelNames(classification).findLast((level) => labels[level] !== undefined)
  if (finest === undefined) return false
  const path = indexOf(classification)
    .get(finest)
    ?.byCode.get(labels[finest] ?? '')?.labels
  return path !== undefined && Object.entries(path).every(([level, code]) => labels[level] === code)
}
