import { codeIndex, codesOf, type Hierarchy, type Labels, labelsOf, levelNames } from '@kic/classification'
import type { Row } from '@kic/data'

/** Class numbers of rows at a level, int32; -1 where a row has no label or one that the hierarchy lacks. */
export const classNumbers = (hierarchy: Hierarchy, level: string, rows: readonly Row[]): Int32Array =>
  Int32Array.from(rows, (row) => {
    const code = row.labels?.[level]
    return code === undefined ? -1 : codeIndex(hierarchy, level, code)
  })

/** For each class of the finest level the number of its ancestor at `level`. */
export const ancestorNumbers = (hierarchy: Hierarchy, level: string): Int32Array => {
  const finest = levelNames(hierarchy).at(-1) ?? ''
  return Int32Array.from(codesOf(hierarchy, finest), (code) =>
    codeIndex(hierarchy, level, labelsOf(hierarchy, finest, code)[level] ?? ''),
  )
}

/** Class numbers by level, turned back into codes, row by row. */
export const codesOfPredictions = (
  hierarchy: Hierarchy,
  byLevel: Readonly<Record<string, Int32Array>>,
  rows: number,
): Labels[] => {
  const codes = levelNames(hierarchy).map((level) => [level, codesOf(hierarchy, level)] as const)
  return Array.from({ length: rows }, (_, row) =>
    Object.fromEntries(codes.map(([level, known]) => [level, known[byLevel[level]?.[row] ?? -1] ?? ''])),
  )
}
