import { basename } from 'node:path'
import type { TableRecord } from '@kic/classification'
import { KicError } from '@kic/core'
import type { DataErrorCode } from '../error-code.ts'
import { openParquet } from '../parquet/open-parquet.ts'
import { detectEncoding } from '../read/detect-encoding.ts'
import { type ByteSource, openBytes } from '../read/open-bytes.ts'
import { decodeStrict, firstUndecodable, type TextEncoding } from '../read/strict-decoding.ts'
import { tableSource } from '../read/table-format.ts'
import { openXlsx } from '../xlsx/open-xlsx.ts'
import { splitText } from './split-text.ts'

/** How a file of cells is opened. */
export interface TableFileOptions {
  /** Default: by a byte order mark, or by the bytes. */
  readonly encoding?: TextEncoding | undefined
  /** The sheet of a workbook; the first one that is not hidden by default. */
  readonly sheet?: string | undefined
}

/** Cells behind this one belong to no table of codes. */
const WIDEST = 256

/** What a source is called in errors and reports. */
export const tableName = (source: ByteSource): string =>
  typeof source === 'string' ? basename(source) : 'table'

/**
 * All rows of a table, whatever its header: CSV or TSV (also packed by gzip), XLSX or Parquet.
 *
 * @throws KicError as `readRowBlocks` does before its first block, `data/undecodable`, `data/malformed-quotes`
 */
export const readTable = async (
  source: ByteSource,
  { encoding, sheet }: TableFileOptions = {},
): Promise<readonly TableRecord[]> => {
  const name = tableName(source)
  const found = await tableSource(source, sheet, name)
  if (found.format === 'xlsx') return sheetRecords(found.source, name, sheet)
  if (found.format === 'parquet') return parquetRecords(found.source, name)
  const { bytes, encoding: known, close } = await openBytes(source, name, encoding)
  try {
    const pieces: Uint8Array[] = []
    for await (const piece of bytes) pieces.push(piece)
    return splitText(decoded(Buffer.concat(pieces), known, name), name)
  } finally {
    await close()
  }
}

const decoded = (bytes: Uint8Array, known: TextEncoding | undefined, name: string): string => {
  // UTF-16 has become UTF-8 by now.
  const encoding = known === undefined ? detectEncoding(bytes) : known === 'cp949' ? 'cp949' : 'utf-8'
  const text = decodeStrict(bytes, encoding)
  if (text !== undefined) return text
  const bad = firstUndecodable(bytes, encoding)
  const line = 1 + bytes.subarray(0, bad).filter((byte) => byte === 0x0a).length
  throw new KicError<DataErrorCode>(
    'data/undecodable',
    `${name}: every byte must be ${encoding === 'cp949' ? 'cp949' : 'UTF-8'}, received 0x${bytes[bad]?.toString(16)} in ` +
      `line ${line}. Correct it, or name the file's encoding.`,
  )
}

const sheetRecords = async (
  source: string | Uint8Array,
  name: string,
  sheet: string | undefined,
): Promise<readonly TableRecord[]> => {
  const { blocks, close } = await openXlsx(source, name, sheet)
  try {
    const rules = {
      firstLine: 1,
      width: WIDEST,
      mayHaveMore: true,
      wanted: [],
      known: () => ({ id: undefined }),
    }
    const records: TableRecord[] = []
    for await (const block of blocks(rules))
      for (const { line, cells } of block.records) records.push({ line, cells })
    return records
  } finally {
    close()
  }
}

const parquetRecords = async (source: string | Uint8Array, name: string): Promise<readonly TableRecord[]> => {
  const { header, cells } = await openParquet(source, name)
  const records: TableRecord[] = [{ line: 0, cells: header }]
  const uses = header.map(() => 'passed' as const)
  for await (const block of cells(uses, () => ({ id: undefined })))
    for (const { line, cells: row } of block.records) records.push({ line, cells: row })
  return records
}
