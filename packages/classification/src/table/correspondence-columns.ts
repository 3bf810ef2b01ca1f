import { englishWords, type HeaderWords, headerKey } from './header-words.ts'
import type { TableFailure } from './table-error.ts'
import type { TableRecord } from './table-record.ts'

/** The header cells of the columns of codes. */
export interface CorrespondenceColumnNames {
  readonly from: string
  readonly to: string
}

/** The positions of the columns of codes, and the rows below the header. */
export interface FoundPairs {
  readonly from: number
  readonly to: number
  readonly body: readonly TableRecord[]
}

/** Titles and dates stand above many headers. */
const SEARCHED = 20

/** A column of codes: 'from', 'ISIC Rev. 4 code', 'NACE2code', 'code of 2017'. */
const isCodes = (key: string, { code }: HeaderWords): boolean =>
  key === 'from' || key === 'to' || code.some((word) => key.endsWith(word) || key.startsWith(`${word} `))

/**
 * Finds the columns of old and new codes: those named, or else the only two whose headers say that they hold codes.
 *
 * @throws KicError `classification/header`
 */
export const correspondenceColumns = (
  records: readonly TableRecord[],
  names: CorrespondenceColumnNames | undefined,
  words: readonly string[],
  fail: TableFailure,
): FoundPairs => {
  const known = { ...englishWords, code: [...words, ...englishWords.code] }
  for (const [i, { cells }] of records.slice(0, SEARCHED).entries()) {
    const keys = cells.map(headerKey)
    const [from = -1, to = -1, ...others] =
      names === undefined
        ? keys.flatMap((key, at) => (isCodes(key, known) ? [at] : []))
        : [keys.indexOf(headerKey(names.from)), keys.indexOf(headerKey(names.to))]
    if (from >= 0 && to >= 0 && others.length === 0) return { from, to, body: records.slice(i + 1) }
  }
  const [first] = records
  throw fail(
    'classification/header',
    names === undefined
      ? 'a header must name two columns of codes, the old ones first'
      : `a header must have the columns '${names.from}' and '${names.to}'`,
    first === undefined ? [] : [{ line: first.line, received: `'${first.cells.join(' | ').slice(0, 120)}'` }],
    names === undefined ? 'Name them by the option columns.' : 'Correct the option columns.',
  )
}
