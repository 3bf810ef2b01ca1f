import { type Classification, codeIndex, codesOf, type Labels, levelNames } from '@kic/classification'
import type { Row } from '@kic/data'

/** Class numbers of rows at a level, int32; -1 where a row has no label or one that the classification lacks. */
export const classNumbers = (
  classification: Classification,
  level: string,
  rows: readonly Row[],
): Int32Array =>
  Int32Array.from(rows, (row) => {
    const code = row.labels?.[level]
    return code === undefined ? -1 : codeIndex(classification, level, code)
  })

/** Class numbers by level, turned back into codes, row by row. */
export const codesOfPredictions = (
  classification: Classification,
  byLevel: Readonly<Record<string, Int32Array>>,
  rows: number,
): Labels[] => {
  const codes = levelNames(classification).map((level) => [level, codesOf(classification, level)] as const)
  return Array.from({ length: rows }, (_, row) =>
    Object.fromEntries(codes.map(([level, known]) => [level, known[byLevel[level]?.[row] ?? -1] ?? ''])),
  )
}
