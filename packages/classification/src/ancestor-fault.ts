import type { AncestorLevel } from './ancestor-levels.ts'

/**
 * Why a level cannot be one above some classes: their number differs, or a class belongs to none of the level's; undefined
 * where it can be.
 *
 * @param classes C, the number of finer classes
 */
export const ancestorFault = (
  { name, labels, ofClass }: AncestorLevel,
  classes: number,
): string | undefined => {
  if (ofClass.length !== classes)
    return `the level '${name}' must have an ancestor for each of ${classes} classes, received ${ofClass.length}`
  const stray = ofClass.findIndex((ancestor) => ancestor < 0 || ancestor >= labels.length)
  return stray < 0
    ? undefined
    : `an ancestor must be one of the ${labels.length} classes of '${name}', received ${ofClass[stray]} for class ${stray}`
}
