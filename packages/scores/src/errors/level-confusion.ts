import { type Classification, codesOf, nodeOf } from '@kic/classification'
import { confusionMatrix } from '../metrics/confusion-matrix.ts'
import type { JudgedAnswers } from './judged-answers.ts'

/** A class of the classification, for people. */
export interface NamedClass {
  readonly code: string
  readonly name: string
}

/** How often classes of a level were taken for each other. */
export interface LevelConfusion {
  readonly level: string
  readonly classes: readonly NamedClass[]
  /** [C, C], row by row; rows are the actual classes. */
  readonly counts: ArrayLike<number>
}

/** The classes of a level, in the order of their numbers. */
export const namedClasses = (classification: Classification, level: string): NamedClass[] =>
  codesOf(classification, level).map((code) => ({
    code,
    name: nodeOf(classification, level, code)?.name ?? '',
  }))

/** The confusion matrix of a level, with the names of its classes; rows without label or answer do not count. */
export const levelConfusion = (
  { classification, predicted, actual }: JudgedAnswers,
  level: string,
): LevelConfusion => {
  const classes = namedClasses(classification, level)
  const [found = new Int32Array(0), truth = new Int32Array(0)] = [predicted[level], actual[level]]
  const judged = Array.from(truth.keys()).filter((row) => (truth[row] ?? -1) >= 0 && (found[row] ?? -1) >= 0)
  const at = (labels: Int32Array): Int32Array => Int32Array.from(judged, (row) => labels[row] ?? -1)
  return {
    level,
    classes,
    counts:
      judged.length === 0
        ? new Int32Array(classes.length ** 2)
        : confusionMatrix(at(found), at(truth), classes.length),
  }
}

/** How many rows of one class were taken for another. */
export const countAt = ({ counts, classes }: LevelConfusion, row: number, column: number): number =>
  counts[row * classes.length + column] ?? 0
