import { type Classification, levelNames, levelOf } from '@kic/classification'
import { KicError } from '@kic/core'
import {
  type ColumnNames,
  chosenColumns,
  columnsLayout,
  headerProblem,
  ownColumns,
  shownHeader,
} from './columns-layout.ts'
import { headerKey } from './header-name.ts'
import { type HeaderRecord, plainRecord, quotedRecord } from './header-record.ts'
import { answerSheetLayout, competitionLayout, type Layout, textCodeLayout } from './layout.ts'
import { excerptOf } from './reject.ts'

/** A layout, and how far the header reaches in the text that it was recognised by. */
export interface FoundLayout {
  readonly layout: Layout
  /** Length of the header with its line break; 0 where there is none. */
  readonly length: number
  /** Lines of the header; 0 where there is none. */
  readonly lines: number
}

const formats = [
  ['TSV', '\t'],
  ['CSV', ','],
  ['|-separated', '|'],
] as const

/** The beginning of a file as text, or as bytes that are a character each, and what decodes a cell of it. */
interface Beginning {
  readonly text: string
  readonly decode: (cell: string) => string
}

const asText = (text: string): Beginning => ({ text, decode: (cell) => cell })

/** Readings of the first record, the likelier first: quoted, and plain where that is another one. */
const readings = ({ text, decode }: Beginning, delimiter: string): readonly HeaderRecord[] => {
  const plain = plainRecord(text, delimiter)
  const records = text.slice(0, plain.length).includes('"') ? [quotedRecord(text, delimiter), plain] : [plain]
  return records.map((record) => ({ ...record, cells: record.cells.map(decode) }))
}

const firstLineOf = ({ text, decode }: Beginning): string => decode(plainRecord(text, '\n').cells[0] ?? '')

/** Whether cells are a header, by the names that a person reads. */
export const hasHeader = (cells: readonly string[], header: readonly string[]): boolean =>
  cells.length === header.length && header.every((name, i) => headerKey(name) === headerKey(cells[i] ?? ''))

/** Where the text has the header that a layout asks for; undefined where it has another one. */
const headerOf = (layout: Layout, start: Beginning): HeaderRecord | undefined => {
  const { header, delimiter } = layout
  if (header === undefined) return { cells: [], length: 0, lines: 0 }
  return readings(start, delimiter === 'none' ? '\n' : delimiter).find(({ cells }) =>
    hasHeader(cells, header),
  )
}

const found = (layout: Layout, { length, lines }: HeaderRecord): FoundLayout => ({ layout, length, lines })

const namedLayout = (start: Beginning, classification: Classification): FoundLayout | undefined => {
  for (const [format, delimiter] of formats) {
    for (const record of readings(start, delimiter)) {
      const columns = ownColumns(record.cells, classification)
      if (columns === undefined) continue
      return found(columnsLayout(record.cells, columns, format), record)
    }
  }
  return undefined
}

/**
 * The layout of a tab-, comma- or `|`-separated file whose header names its columns: `text` or any of `object`, `method`
 * and `deal`, and any of `id`, `code` and the levels of the classification, in any order, or the competition's names of
 * them, beside any others; undefined where the cells are not of that kind.
 */
export const namedColumnsLayout = (firstLine: string, classification: Classification): Layout | undefined =>
  namedLayout(asText(firstLine), classification)?.layout

/** The layout of a file whose columns are named from outside: divided by what divides its header most often. */
const chosenLayout = (
  start: Beginning,
  names: ColumnNames,
  classification: Classification,
  file: string,
): FoundLayout => {
  const candidates = formats
    .map(([format, delimiter]) => ({ format, records: readings(start, delimiter) }))
    .sort((a, b) => (b.records[0]?.cells.length ?? 0) - (a.records[0]?.cells.length ?? 0))
    .flatMap(({ format, records }) => records.map((record) => ({ format, record })))
  let failure: unknown
  for (const { format, record } of candidates) {
    try {
      const columns = chosenColumns(record.cells, names, classification, file)
      return found(columnsLayout(record.cells, columns, format), record)
    } catch (error) {
      // The likeliest reading of the header says best what is wrong with the names.
      failure ??= error
    }
  }
  throw failure
}

const wrongHeader = (layout: Layout, start: Beginning, file: string): KicError => {
  const separator = layout.delimiter === 'none' ? ', ' : layout.delimiter
  return new KicError(
    'data/wrong-header',
    `${file}, line 1: the ${layout.name} starts with the header '${excerptOf((layout.header ?? []).join(separator))}', ` +
      `received '${excerptOf(firstLineOf(start))}'; add the header or name another layout`,
  )
}

/** A file with the header that its layout asks for; throws as `checkHeader`. */
export const headerFound = (
  layout: Layout,
  text: string,
  file: string,
  decode: (cell: string) => string = (cell) => cell,
): FoundLayout => {
  const start = { text, decode }
  const header = headerOf(layout, start)
  if (header === undefined) throw wrongHeader(layout, start, file)
  return found(layout, header)
}

/**
 * Checks the first line of a file, or all of its header where that has quoted line breaks, against the header its layout
 * asks for; case, white space and characters that nobody sees do not matter.
 *
 * @throws KicError `data/wrong-header` with both headers.
 */
export const checkHeader = (layout: Layout, firstLine: string, file: string): void => {
  headerFound(layout, firstLine, file)
}

const isTextAndCode = (start: Beginning, classification: Classification): boolean => {
  const [record, plain] = readings(start, '\t')
  if (plain === undefined) return record?.cells.length === 2
  // Quotes may span lines here only where they lead to a code: a lone one must not swallow the rows below it.
  const [, code = ''] = record?.cells ?? []
  return (
    plain.cells.length === 2 ||
    (record?.cells.length === 2 && levelOf(classification, code.trim()) !== undefined)
  )
}

/** What is wrong with a header that has several columns, some of known names, and the columns it has. */
const knownHeaderProblem = (start: Beginning, classification: Classification): string | undefined => {
  for (const [, delimiter] of formats) {
    const [record] = readings(start, delimiter)
    if (record === undefined || record.cells.length < 2) continue
    const problem = headerProblem(record.cells, classification)
    if (problem !== undefined) return `${problem}; received '${shownHeader(record.cells)}'`
  }
  return undefined
}

/**
 * `sniffLayout` with where the header ends.
 *
 * @param text the beginning of the file, or its bytes as a character each
 * @param decode what decodes a cell then
 */
export const findLayout = (
  text: string,
  classification: Classification,
  file: string,
  names?: ColumnNames,
  decode: (cell: string) => string = (cell) => cell,
): FoundLayout => {
  const start = { text, decode }
  if (names !== undefined) return chosenLayout(start, names, classification, file)
  for (const layout of [competitionLayout, answerSheetLayout]) {
    const header = headerOf(layout, start)
    if (header !== undefined) return found(layout, header)
  }
  const named = namedLayout(start, classification)
  if (named !== undefined) return named
  if (isTextAndCode(start, classification)) return { layout: textCodeLayout, length: 0, lines: 0 }
  const firstLine = firstLineOf(start)
  const problem = knownHeaderProblem(start, classification)
  if (!firstLine.includes('\t')) {
    for (const layout of [competitionLayout, answerSheetLayout])
      if (firstLine.split(layout.delimiter).length >= 4)
        throw problem === undefined
          ? wrongHeader(layout, start, file)
          : new KicError('data/wrong-header', `${file}, line 1: ${problem}`)
  }
  if (problem !== undefined) throw new KicError('data/unknown-format', `${file}, line 1: ${problem}`)
  throw new KicError(
    'data/unknown-format',
    `${file}, line 1: this is neither the competition's header (${(competitionLayout.header ?? []).join('|')}), ` +
      `nor a header that names text and ${levelNames(classification).join(', ')} or code, nor text<TAB>code, ` +
      `received '${excerptOf(firstLine)}'; name the columns or the layout if the file is right`,
  )
}

/**
 * Recognises the layout of a file by its first line, or all of its header where that has quoted line breaks: the
 * competition's header between `|` or as CSV, a header that names its columns between tabs, commas or `|` beside any
 * others, or a first line `text<TAB>code`. With `names` the header may have any names, and the columns named are taken.
 * `plainTextLayout` is never guessed.
 *
 * @throws KicError `data/wrong-header` for a line with `|` or commas like the competition's that is not its header,
 * `data/unknown-column` for `names` that the header does not have, `data/unknown-format` for everything else.
 */
export const sniffLayout = (
  firstLine: string,
  classification: Classification,
  file: string,
  names?: ColumnNames,
): Layout => findLayout(firstLine, classification, file, names).layout
