import { crc32 } from 'node:zlib'
import { isKicError, KicError } from '@kic/core'
import type { Entry, ZipFile } from 'yauzl'
import type { DataErrorCode } from '../error-code.ts'
import { openZipFile } from './zip-file.ts'

/** The maximum size of a part: a number of bytes, plus a number for each packed byte. */
export interface PartLimit {
  readonly bytes: number
  readonly perPackedByte: number
}

/** The parts of a ZIP archive, by case-insensitive name. */
export interface ZipParts {
  has(path: string): boolean
  /**
   * The unpacked bytes of a part, chunk by chunk, checked against its size and checksum.
   *
   * @throws KicError `data/damaged-xlsx` for a part that is missing, damaged, or larger than `limit`
   */
  read(path: string, limit: PartLimit): AsyncIterable<Uint8Array>
  close(): void
}

/** Any fault inside a workbook, as one kind of error. */
export const damagedXlsx = (name: string, cause: unknown): KicError => {
  if (isKicError(cause)) return cause
  const why = cause instanceof Error ? cause.message : String(cause)
  return new KicError<DataErrorCode>(
    'data/damaged-xlsx',
    `${name}: the XLSX workbook must be intact, received a damaged one (${why}). Open it in a spreadsheet program and save it again.`,
    { cause },
  )
}

const keyOf = (path: string): string => path.replace(/^\//, '').toLowerCase()

async function* readEntry(zip: ZipFile, entry: Entry, limit: PartLimit): AsyncGenerator<Uint8Array> {
  const most = limit.bytes + limit.perPackedByte * entry.compressedSize
  let [bytes, checksum] = [0, 0]
  const stream = await zip.openReadStreamPromise(entry)
  try {
    for await (const piece of stream) {
      const read: Uint8Array = piece
      bytes += read.length
      // A few bytes that unpack to very many are an attack on memory or time; no real workbook compresses that well.
      if (bytes > most)
        throw new Error(
          `${entry.fileName} has ${entry.compressedSize} packed bytes and must not unpack to more than ${most}`,
        )
      checksum = crc32(read, checksum)
      yield read
    }
  } finally {
    stream.destroy()
  }
  if (checksum !== entry.crc32) throw new Error(`${entry.fileName} has a wrong checksum`)
}

/**
 * Opens a ZIP archive by the directory at its end, through `yauzl`.
 *
 * @throws KicError `data/damaged-xlsx`
 */
export const openZip = async (source: string | Uint8Array, name: string): Promise<ZipParts> => {
  let zip: ZipFile | undefined
  try {
    const opened = await openZipFile(source)
    zip = opened
    const entries = new Map<string, Entry>()
    for await (const entry of opened.eachEntry()) {
      const key = keyOf(entry.fileName)
      if (entries.has(key)) throw new Error(`${entry.fileName} occurs twice`)
      entries.set(key, entry)
    }
    return {
      has: (path) => entries.has(keyOf(path)),
      async *read(path, limit) {
        const entry = entries.get(keyOf(path))
        if (entry === undefined) throw damagedXlsx(name, new Error(`${path} is missing`))
        try {
          yield* readEntry(opened, entry, limit)
        } catch (error) {
          throw damagedXlsx(name, error)
        }
      },
      close: () => opened.close(),
    }
  } catch (error) {
    zip?.close()
    throw damagedXlsx(name, error)
  }
}
