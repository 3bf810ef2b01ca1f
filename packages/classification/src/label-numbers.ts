import {
  codeIndex,
  codesOf,
  finestLevel,
  type Hierarchy,
  type Labels,
  labelsOf,
  levelNames,
} from './hierarchy.ts'

/** Class numbers of rows' labels at a level, int32 [N]; -1 where a row has none or one that the hierarchy lacks. */
export const labelNumbers = (
  hierarchy: Hierarchy,
  level: string,
  rows: readonly { readonly labels?: Labels | undefined }[],
): Int32Array =>
  Int32Array.from(rows, ({ labels }) => {
    const code = labels?.[level]
    return code === undefined ? -1 : codeIndex(hierarchy, level, code)
  })

/** For each class of the finest level the class number of its ancestor at a level, int32 [C]. */
export const ancestorNumbers = (hierarchy: Hierarchy, level: string): Int32Array => {
  const finest = finestLevel(hierarchy)
  return Int32Array.from(codesOf(hierarchy, finest), (code) =>
    codeIndex(hierarchy, level, labelsOf(hierarchy, finest, code)[level] ?? ''),
  )
}

/** Class numbers by level, [N] each, as the labels of each row; a number that is no class gives an empty code. */
export const labelsOfNumbers = (
  hierarchy: Hierarchy,
  numbers: Readonly<Record<string, ArrayLike<number>>>,
  rows: number,
): Labels[] => {
  const codes = levelNames(hierarchy).map((level) => [level, codesOf(hierarchy, level)] as const)
  return Array.from({ length: rows }, (_, row) =>
    Object.fromEntries(codes.map(([level, known]) => [level, known[numbers[level]?.[row] ?? -1] ?? ''])),
  )
}
