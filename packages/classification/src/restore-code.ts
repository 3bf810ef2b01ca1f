import type { Classification } from './classification.ts'
import { levelIndex } from './classification-index.ts'

/**
 * The code that a cell means at a known level: the cell itself, or with the leading zeros that a spreadsheet took
 * ('11' is the group '011'); undefined when the level has no such code.
 *
 * @throws KicError `classification/unknown-level`.
 */
export const restoreCode = (
  classification: Classification,
  level: string,
  cell: string,
): string | undefined => {
  const { byCode, width } = levelIndex('restoreCode', classification, level)
  const code = cell.trim()
  if (byCode.has(code)) return code
  if (width === undefined || !/^\d+$/.test(code)) return undefined
  const padded = code.padStart(width, '0')
  return byCode.has(padded) ? padded : undefined
}
