import { KicError } from '@kic/core'
import type { AsyncBuffer, FileMetaData, SchemaTree } from 'hyparquet'
import type { DataErrorCode } from '../error-code.ts'
import { excerptOf, type Reject } from '../read/reject.ts'
import type { CellBlock, CellRecord } from '../read/split-cells.ts'
import { checkFooter, checkParquet } from './check-parquet.ts'

/** A Parquet file: its columns, and its rows as cells, in order and in blocks. */
export interface OpenedParquet {
  readonly header: readonly string[]
  /**
   * @param uses the use of each column; cells of skipped columns are empty
   * @param known returns the id and the passed-through columns of an unreadable row
   */
  cells(uses: readonly ColumnUse[], known: KnownOfRow): AsyncIterable<CellBlock>
}

/** `needed`: a value that is not text rejects its row. `passed`: the value is shown as well as possible. */
export type ColumnUse = 'needed' | 'passed' | 'skipped'

/** Data of a rejected row that are known nevertheless. */
export type KnownOfRow = (cells: readonly string[], line: number) => Pick<Reject, 'id' | 'others'>

/** Rows decoded at once. A file's own row groups may have millions of rows and do not bound memory. */
const blockRows = 16_384

// As in cp949 and UTF-8 files, there are no replacement characters: an undecodable byte rejects its row.
const undecodable = Symbol('undecodable')

const strictDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

const stringFromBytes = (bytes: Uint8Array): string | typeof undecodable => {
  try {
    return strictDecoder.decode(bytes)
  } catch {
    return undecodable
  }
}

/** A date, or date and time, in ISO 8601. */
const isoText = (date: Date): string => date.toISOString().replace(/T00:00:00\.000Z$/, '')

const cellOf = (value: unknown): string | undefined => {
  if (value === null || value === undefined) return ''
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean')
    return String(value)
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : isoText(value)
  // Byte arrays without a logical type: old writers omit it.
  if (value instanceof Uint8Array) {
    const text = stringFromBytes(value)
    return text === undecodable ? undefined : text
  }
  return undefined
}

/** A row as a record. Line 1 is the first row, because there is no header line. */
const recordOf = (
  values: readonly unknown[],
  line: number,
  header: readonly string[],
  uses: readonly ColumnUse[],
  known: KnownOfRow,
): CellRecord | Reject => {
  const read = values.map(cellOf)
  const cells = read.map((cell) => cell ?? '(no text)')
  const text = cells.join(' | ')
  const bad = read.findIndex((cell, i) => cell === undefined && uses[i] === 'needed')
  if (bad < 0) return { line, text, cells }
  const value = values[bad]
  return {
    line,
    ...known(
      read.map((cell) => cell ?? ''),
      line,
    ),
    reason: 'undecodable',
    message: `column '${header[bad]}' must contain UTF-8 text or numbers, received ${value === undecodable ? 'other bytes' : `a ${typeof value}`}. Correct it.`,
    excerpt: excerptOf(text),
  }
}

const damaged = (name: string, cause: unknown): KicError =>
  new KicError<DataErrorCode>(
    'data/damaged-parquet',
    `${name}: the Parquet file must be intact, received a damaged one: ${cause instanceof Error ? cause.message : String(cause)}. Write it again.`,
    { cause },
  )

const bufferOf = (bytes: Uint8Array): AsyncBuffer => ({
  byteLength: bytes.byteLength,
  slice: (start, end) => new Uint8Array(bytes.slice(start, end)).buffer,
})

/**
 * Opens a Parquet file with `hyparquet` and all compressions.
 *
 * @throws KicError `data/damaged-parquet`, and `data/nested-parquet` for nested columns
 */
export const openParquet = async (source: string | Uint8Array, name: string): Promise<OpenedParquet> => {
  const { asyncBufferFromFile, parquetMetadataAsync, parquetRead, parquetSchema } = await import('hyparquet')
  const { compressors } = await import('hyparquet-compressors')
  let file: AsyncBuffer
  let metadata: FileMetaData
  let columns: SchemaTree['children']
  try {
    file = typeof source === 'string' ? await asyncBufferFromFile(source) : bufferOf(source)
    await checkFooter(file)
    // Marking columns of GeoParquet never ends if a column claims -1 children.
    metadata = await parquetMetadataAsync(file, { geoparquet: false })
    columns = parquetSchema(metadata).children
  } catch (error) {
    throw damaged(name, error)
  }
  const unnamed = columns.findIndex(({ element }) => typeof element.name !== 'string')
  if (unnamed >= 0) throw damaged(name, new Error(`column ${unnamed + 1} has no name`))
  const nested = columns.find((column) => column.children.length > 0)
  if (nested !== undefined)
    throw new KicError<DataErrorCode>(
      'data/nested-parquet',
      `${name}: columns must contain plain values, received the nested column '${nested.element.name}'. Flatten it.`,
    )
  const header = columns.map((column) => column.element.name)
  const total = metadata.row_groups.reduce((sum, group) => sum + Number(group.num_rows), 0)
  if (total !== Number(metadata.num_rows))
    throw damaged(name, new Error(`it claims ${metadata.num_rows} rows, but its parts have ${total}`))

  async function* cells(uses: readonly ColumnUse[], known: KnownOfRow): AsyncGenerator<CellBlock> {
    const names = header.filter((_, i) => uses[i] !== 'skipped')
    const positions = header.map((column) => names.indexOf(column))
    try {
      await checkParquet(
        file,
        metadata,
        columns.map(({ element }) => element),
        new Set(names),
        compressors,
      )
    } catch (error) {
      throw damaged(name, error)
    }
    for (let start = 0; start < total; start += blockRows) {
      const end = Math.min(total, start + blockRows)
      const rows: unknown[][] = []
      try {
        await parquetRead({
          file,
          metadata,
          columns: names,
          rowStart: start,
          rowEnd: end,
          compressors,
          parsers: { stringFromBytes },
          onComplete: (found) => {
            for (const row of found) rows.push(row)
          },
        })
      } catch (error) {
        throw damaged(name, error)
      }
      if (rows.length !== end - start)
        throw damaged(
          name,
          `${end - start} rows were announced from row ${start + 1}, but ${rows.length} were found`,
        )
      const records: CellRecord[] = []
      const rejects: Reject[] = []
      for (const [i, row] of rows.entries()) {
        const values = positions.map((at) => (at < 0 ? '' : row[at]))
        const record = recordOf(values, start + i + 1, header, uses, known)
        if ('reason' in record) rejects.push(record)
        else records.push(record)
      }
      yield { records, rejects }
    }
  }
  return { header, cells }
}
