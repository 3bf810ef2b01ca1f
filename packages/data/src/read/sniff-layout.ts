import { type Classification, levelOf } from '@kic/classification'
import { KicError } from '@kic/core'
import type { DataErrorCode } from '../error-code.ts'
import {
  type ColumnNames,
  chosenColumns,
  columnsLayout,
  headerProblem,
  labelColumns,
  ownColumns,
} from './columns-layout.ts'
import { hasHeader } from './header-name.ts'
import { type HeaderRecord, plainRecord, quotedRecord } from './header-record.ts'
import { JSON_HEAD, jsonHeader } from './json-lines.ts'
import { answerSheetLayout, competitionLayout, type Layout, textCodeLayout } from './layout.ts'
import { excerptOf } from './reject.ts'
import { tableLayout } from './table-layout.ts'

/** A layout, and the length of its header in the recognised text. */
export interface FoundLayout {
  readonly layout: Layout
  /** Length of the header with its line break; 0 without a header. */
  readonly length: number
  /** Lines of the header; 0 without a header. */
  readonly lines: number
}

const formats = [
  ['TSV', '\t'],
  ['CSV', ','],
  ['|-separated', '|'],
] as const

/** The beginning of a file as text, or as bytes of one character each, and a decoder for its cells. */
interface Beginning {
  readonly text: string
  readonly decode: (cell: string) => string
}

const asText = (text: string): Beginning => ({ text, decode: (cell) => cell })

/** Readings of the first record, likelier first: quoted, and plain if that differs. */
const readings = ({ text, decode }: Beginning, delimiter: string): readonly HeaderRecord[] => {
  const plain = plainRecord(text, delimiter)
  const records = text.slice(0, plain.length).includes('"') ? [quotedRecord(text, delimiter), plain] : [plain]
  return records.map((record) => ({ ...record, cells: record.cells.map(decode) }))
}

const firstLineOf = ({ text, decode }: Beginning): string => decode(plainRecord(text, '\n').cells[0] ?? '')

/** The header required by a layout, if the text has it; otherwise undefined. */
const headerOf = (layout: Layout, start: Beginning): HeaderRecord | undefined => {
  const { header, delimiter } = layout
  // Each line of JSON names its columns itself.
  if (header === undefined || delimiter === 'json') return { cells: [], length: 0, lines: 0 }
  return readings(start, delimiter === 'none' ? '\n' : delimiter).find(({ cells }) =>
    hasHeader(cells, header),
  )
}

const found = (layout: Layout, { length, lines }: HeaderRecord): FoundLayout => ({ layout, length, lines })

const namedLayout = (
  start: Beginning,
  classification: Classification | undefined,
): FoundLayout | undefined => {
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
 * The layout of a file separated by tabs, commas or `|` whose header names its columns: `text` or any of `object`,
 * `method` and `deal`, and any of `id`, `code` and the levels of the classification, in any order, or the competition's
 * names for them, beside other columns. Undefined for other cells.
 */
export const namedColumnsLayout = (
  firstLine: string,
  classification: Classification | undefined,
): Layout | undefined => namedLayout(asText(firstLine), classification)?.layout

/** The layout of a file whose columns the caller names; its separator is the most frequent one in the header. */
const chosenLayout = (
  start: Beginning,
  names: ColumnNames,
  classification: Classification | undefined,
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
      // The likeliest reading of the header gives the best message.
      failure ??= error
    }
  }
  throw failure
}

const wrongHeader = (layout: Layout, start: Beginning, file: string): KicError => {
  const separator = layout.delimiter === 'none' ? ', ' : layout.delimiter
  return new KicError<DataErrorCode>(
    'data/wrong-header',
    `${file}, line 1: the ${layout.name} must start with the header '${excerptOf((layout.header ?? []).join(separator))}', ` +
      `received '${excerptOf(firstLineOf(start))}'. Add the header or choose another layout.`,
  )
}

/** A file with the header that its layout requires; throws as `checkHeader`. */
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
 * Checks the first line of a file, or its whole header if that has quoted line breaks, against the layout's header.
 * Case, white space and invisible characters do not matter.
 *
 * @throws KicError `data/wrong-header` with both headers
 */
export const checkHeader = (layout: Layout, firstLine: string, file: string): void => {
  headerFound(layout, firstLine, file)
}

const isTextAndCode = (start: Beginning, classification: Classification | undefined): boolean => {
  const [record, plain] = readings(start, '\t')
  if (plain === undefined) return record?.cells.length === 2
  // Quotes may span lines here only if they lead to a code: a single one must not swallow the rows below it.
  const [, code = ''] = record?.cells ?? []
  return (
    plain.cells.length === 2 ||
    (record?.cells.length === 2 &&
      classification !== undefined &&
      levelOf(classification, code.trim()) !== undefined)
  )
}

/** The fault of a header with several columns, some with known names. */
const knownHeaderProblem = (
  start: Beginning,
  classification: Classification | undefined,
): string | undefined => {
  for (const [, delimiter] of formats) {
    const [record] = readings(start, delimiter)
    if (record === undefined || record.cells.length < 2) continue
    const problem = headerProblem(record.cells, classification)
    if (problem !== undefined) return problem
  }
  return undefined
}

/**
 * `sniffLayout`, with the end of the header.
 *
 * @param text the beginning of the file, or its bytes as one character each
 * @param decode decodes a cell in the latter case
 */
export const findLayout = (
  text: string,
  classification: Classification | undefined,
  file: string,
  names?: ColumnNames,
  decode: (cell: string) => string = (cell) => cell,
): FoundLayout => {
  const start = { text, decode }
  const json = text.startsWith('{') ? jsonHeader(text.slice(0, JSON_HEAD).split('\n').map(decode)) : undefined
  if (json !== undefined)
    return {
      layout: tableLayout(json, 'JSONL', 'JSONL', { classification, columns: names }, file),
      length: 0,
      lines: 0,
    }
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
          : new KicError<DataErrorCode>('data/wrong-header', `${file}, line 1: ${problem}`)
  }
  if (problem !== undefined)
    throw new KicError<DataErrorCode>('data/unknown-format', `${file}, line 1: ${problem}`)
  throw new KicError<DataErrorCode>(
    'data/unknown-format',
    `${file}, line 1: the file must start with the competition's header (${(competitionLayout.header ?? []).join('|')}), ` +
      `a header with text and ${labelColumns(classification)}, or text<TAB>code, ` +
      `received '${excerptOf(firstLine)}'. Map the columns or choose the layout if the file is right.`,
  )
}

/**
 * Recognises the layout of a file by its first line, or by its whole header if that has quoted line breaks: the
 * competition's header with `|` or as CSV, a header with named columns separated by tabs, commas or `|`, JSON lines, or a
 * first line `text<TAB>code`. With `names`, the header may have any names, and the named columns are read. `plainTextLayout`
 * is never guessed.
 *
 * @throws KicError `data/wrong-header` for a line with `|` or commas that resembles the competition's header but
 * differs, `data/unknown-column` for `names` that the header lacks, `data/unknown-format` for everything else
 */
export const sniffLayout = (
  firstLine: string,
  classification: Classification | undefined,
  file: string,
  names?: ColumnNames,
): Layout => findLayout(firstLine, classification, file, names).layout
