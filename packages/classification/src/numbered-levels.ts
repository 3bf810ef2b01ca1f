import type { Classification } from './classification.ts'
import { codeIndex, codesOf } from './codes-of.ts'
import { parentOf } from './labels-of.ts'
import { levelNames } from './level-names.ts'

/** A level whose classes are numbers, as JSON keeps it. */
export interface NumberedLevel {
  readonly name: string
  /** Code of each class. */
  readonly labels: string[]
  /** For each class the number of the one above it; absent at the topmost level. */
  readonly parents?: number[] | undefined
}

/** The levels of a classification, coarsest first, with class numbers for codes. */
export const numberedLevels = (classification: Classification): NumberedLevel[] =>
  levelNames(classification).map((name, depth, names) => {
    const labels = [...codesOf(classification, name)]
    const above = names[depth - 1]
    if (above === undefined) return { name, labels }
    const parents = labels.map((code) =>
      codeIndex(classification, above, parentOf(classification, name, code) ?? ''),
    )
    return { name, labels, parents }
  })
