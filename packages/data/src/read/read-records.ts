import { isAscii } from 'node:buffer'
import type { Row } from '../row.ts'
import type { LongLine, RecordBlock } from './cut-records.ts'
import { type Decoding, decodeRecords, rejectLongLine } from './decode-records.ts'
import { detectEncoding } from './detect-encoding.ts'
import { idInBytes, idInText } from './id-in-record.ts'
import type { Layout } from './layout.ts'
import { isReject, type RowParser } from './parse-row.ts'
import type { EncodingFound } from './read-report.ts'
import { excerptOf, type Reject } from './reject.ts'
import type { SeenIds } from './seen-ids.ts'
import { type CellRecord, splitCells } from './split-cells.ts'

/** The content of some records. */
export interface ReadRecords {
  readonly rows: readonly Row[]
  /** By line. */
  readonly rejects: readonly Reject[]
  readonly labelled: number
  readonly blankLines: number
}

/** State that is the same for all blocks. */
export interface RecordReader {
  readonly layout: Layout
  readonly parseRow: RowParser
  /** The earlier ids; grows. Undefined if ids are not compared. */
  readonly ids: SeenIds | undefined
  readonly maxLineBytes: number
  /** The name of the source in ids. */
  readonly name: string
}

/** The encoding from this block on, decided once by the first block that is not plain ASCII. */
export const encodingAt = (block: RecordBlock | LongLine, before: EncodingFound): EncodingFound => {
  if (before.encoding !== 'ascii' || block.kind === 'long-line' || isAscii(block.bytes)) return before
  return { encoding: detectEncoding(block.bytes), foundBy: 'bytes' }
}

const decodingOf = ({ encoding }: EncodingFound, { layout, name }: RecordReader): Decoding => {
  const own = encoding === 'cp949' ? 'cp949' : 'utf-8'
  return {
    encoding: own,
    fromUtf16: encoding === 'utf-16le' || encoding === 'utf-16be',
    idOf: (bytes, line, complete) => idInBytes(bytes, line, complete, { layout, name, encoding: own }),
  }
}

const rejectDuplicate = (row: Row, before: string, raw: string): Reject => ({
  line: row.line,
  id: row.id,
  reason: 'duplicate-id',
  message: `ids must be unique, received '${excerptOf(row.id)}' again, first on ${before}. Correct one of them.`,
  excerpt: excerptOf(raw),
  ...(row.others === undefined ? {} : { others: row.others }),
})

/** Parses records of cells. Each becomes a row or a reject, beside the `rejected` records of earlier steps. */
export const parseRecords = (
  records: readonly CellRecord[],
  { parseRow, ids }: RecordReader,
  rejected: readonly Reject[],
): Omit<ReadRecords, 'blankLines'> => {
  const rows: Row[] = []
  const rejects: Reject[] = [...rejected]
  let labelled = 0
  for (const { cells, line, text } of records) {
    const row = parseRow(cells, line, text)
    if (isReject(row)) {
      rejects.push(row)
      continue
    }
    const before = ids?.before(row.id, line)
    if (before !== undefined) {
      rejects.push(rejectDuplicate(row, before, text))
      continue
    }
    rows.push(row)
    if (row.labels !== undefined) labelled += 1
  }
  rejects.sort((a, b) => a.line - b.line)
  return { rows, rejects, labelled }
}

/** Decodes a block, cuts it into cells and parses them. Every record becomes a row, a reject or a blank line. */
export const readRecords = (
  block: RecordBlock | LongLine,
  reader: RecordReader,
  found: EncodingFound,
): ReadRecords => {
  const { layout, maxLineBytes } = reader
  const decoding = decodingOf(found, reader)
  if (block.kind === 'long-line') {
    const rejects = [rejectLongLine(block, maxLineBytes, decoding)]
    return { rows: [], rejects, labelled: 0, blankLines: 0 }
  }
  const decoded = decodeRecords(block, decoding)
  const filled = decoded.records.filter(({ text }) => text !== '')
  const cut = splitCells(filled, layout)
  const malformed = cut.rejects.map(({ text, reject }) => ({
    ...reject,
    id: idInText(text, reject.line, { layout, name: reader.name }),
  }))
  const parsed = parseRecords(cut.records, reader, [...decoded.rejects, ...malformed])
  return { ...parsed, blankLines: decoded.records.length - filled.length }
}
