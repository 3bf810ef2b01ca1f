import type { Classification, Labels } from './classification.ts'
import { codeIndex, codesOf } from './codes-of.ts'
import { levelNames } from './level-names.ts'

/** Class numbers of rows' labels at a level, int32 [N]; -1 where a row has none or one that the classification lacks. */
export const labelNumbers = (
  classification: Classification,
  level: string,
  rows: readonly { readonly labels?: Labels | undefined }[],
): Int32Array =>
  Int32Array.from(rows, ({ labels }) => {
    const code = labels?.[level]
    return code === undefined ? -1 : codeIndex(classification, level, code)
  })

/** Class numbers by level, [N] each, as the labels of each row; a number that is no class gives an empty code. */
export const labelsOfNumbers = (
  classification: Classification,
  numbers: Readonly<Record<string, ArrayLike<number>>>,
  rows: number,
): Labels[] => {
  const codes = levelNames(classification).map((level) => [level, codesOf(classification, level)] as const)
  return Array.from({ length: rows }, (_, row) =>
    Object.fromEntries(codes.map(([level, known]) => [level, known[numbers[level]?.[row] ?? -1] ?? ''])),
  )
}
