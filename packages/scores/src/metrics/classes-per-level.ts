import { scoresError } from '../scores-error.ts'

/**
 * The classes that rows belong to at each level, from their own upwards.
 *
 * @param parents for each step upwards, the parent's number of each class: `[groupToDivision, divisionToSection]`
 * @throws KicError `scores/labels` for a class without a parent.
 */
export const classesPerLevel = (
  classes: ArrayLike<number>,
  parents: readonly ArrayLike<number>[],
): readonly Int32Array[] => {
  let own = Int32Array.from(classes)
  const levels = [own]
  for (const [level, parent] of parents.entries()) {
    own = own.map((label) => parent[label] ?? noParent(label, level, parent.length))
    levels.push(own)
  }
  return levels
}

const noParent = (label: number, level: number, parents: number): never => {
  throw scoresError(
    'scores/labels',
    `classesPerLevel: class ${label} of level ${level} has no parent, received ${parents} parents for that level. ` +
      'Give a parent for each class.',
  )
}
