import { isAscii } from 'node:buffer'
import type { LongLine, RecordBlock } from './cut-records.ts'
import { decodeRecords, rejectLongLine } from './decode-records.ts'
import { detectEncoding } from './detect-encoding.ts'
import type { Layout } from './layout.ts'
import { isReject, type RowParser } from './parse-row.ts'
import type { EncodingFound } from './read-report.ts'
import { excerptOf, type Reject } from './reject.ts'
import type { Row } from './row.ts'
import type { SeenIds } from './seen-ids.ts'
import { type CellRecord, splitCells } from './split-cells.ts'
import type { TextEncoding } from './strict-decoding.ts'

/** What some records were found to hold. */
export interface ReadRecords {
  readonly rows: readonly Row[]
  /** By line. */
  readonly rejects: readonly Reject[]
  readonly labelled: number
  readonly blankLines: number
}

/** What stays the same from block to block. */
export interface RecordReader {
  readonly layout: Layout
  readonly parseRow: RowParser
  /** The ids that came before; grows. Undefined where ids are not compared. */
  readonly ids: SeenIds | undefined
  readonly maxLineBytes: number
}

/** The encoding from this block on: decided once, by the first block that is not plain ASCII. */
export const encodingAt = (block: RecordBlock | LongLine, before: EncodingFound): EncodingFound => {
  if (before.encoding !== 'ascii' || block.kind === 'long-line' || isAscii(block.bytes)) return before
  return { encoding: detectEncoding(block), foundBy: 'bytes' }
}

const decodable = ({ encoding }: EncodingFound): TextEncoding => (encoding === 'ascii' ? 'utf-8' : encoding)

const rejectDuplicate = (row: Row, before: string, raw: string): Reject => ({
  line: row.line,
  reason: 'duplicate-id',
  message: `ids are unique, received '${excerptOf(row.id)}' again, first on ${before}`,
  excerpt: excerptOf(raw),
})

/** Parses records that are cut into cells; each becomes a row or a reject, beside the `rejected` of earlier steps. */
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

/** Decodes a block, cuts it into cells and parses them: every record becomes a row, a reject, a blank line or the header. */
export const readRecords = (
  block: RecordBlock | LongLine,
  reader: RecordReader,
  found: EncodingFound,
): ReadRecords => {
  const { layout, maxLineBytes } = reader
  if (block.kind === 'long-line') {
    const rejects = [rejectLongLine(block, maxLineBytes, decodable(found))]
    return { rows: [], rejects, labelled: 0, blankLines: 0 }
  }
  const decoded = decodeRecords(block, decodable(found))
  const body = decoded.records.filter(({ line }) => line > 1 || layout.header === undefined)
  const filled = body.filter(({ text }) => text !== '')
  const cut = splitCells(filled, layout)
  const parsed = parseRecords(cut.records, reader, [...decoded.rejects, ...cut.rejects])
  return { ...parsed, blankLines: body.length - filled.length }
}
