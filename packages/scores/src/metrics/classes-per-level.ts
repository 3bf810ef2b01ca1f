import type { AncestorLevel } from '@kic/classification'
import { scoresError } from '../scores-error.ts'

/**
 * The classes that rows belong to at each level, in the order of the levels.
 *
 * @param classes class numbers of the rows at the levels' finest
 * @param levels a result of `ancestorLevels` of `@kic/classification`
 * @throws KicError `scores/labels` for a class without an ancestor.
 */
export const classesPerLevel = (
  classes: ArrayLike<number>,
  levels: readonly AncestorLevel[],
): readonly Int32Array[] =>
  levels.map(({ name, ofClass }) =>
    Int32Array.from(classes, (label) => {
      const ancestor = ofClass[label]
      if (ancestor !== undefined) return ancestor
      throw scoresError(
        'scores/labels',
        `classesPerLevel: a class must have an ancestor at the level '${name}', received class ${label} of ` +
          `${ofClass.length}. Give levels above the classes of the rows.`,
      )
    }),
  )
