import { isUtf8 } from 'node:buffer'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { isKicError, KicError } from '@kic/core'
import type { DataErrorCode } from '../error-code.ts'
import { endsInReturns, lineAt, withLineFeeds } from './line-ends.ts'
import type { TextEncoding } from './strict-decoding.ts'
import { byteOrderMarkOf, sniffUtf16, type Utf16, utf16ToUtf8 } from './utf16.ts'

/** A source of bytes: the path of a file, the bytes themselves, or a stream of chunks. */
export type ByteSource = string | Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>

/** The beginning of a source, long enough to recognise it, and the whole source from its first byte of text. */
export interface OpenedBytes {
  /** The beginning of the text, as in `bytes`: 256 KiB, or all of a shorter text. */
  readonly head: Uint8Array
  /** Bytes of byte order marks before the text, in `encoding`. */
  readonly bomBytes: number
  /** The encoding by byte order mark or zero bytes. UTF-16 is already UTF-8 in `head` and `bytes`. */
  readonly encoding: TextEncoding | undefined
  /** What determined `encoding`. */
  readonly foundBy: 'option' | 'byte order mark' | 'bytes'
  /** Whether the source was packed; everything else here describes the unpacked source. */
  readonly packing: 'gzip' | undefined
  /** Everything after the byte order mark. */
  readonly bytes: AsyncIterable<Uint8Array>
  /** Releases the source, whether it was read or not. */
  close(): Promise<void>
}

const pieceBytes = 1 << 18

const codeOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined

const fileError = (path: string, cause: unknown): KicError => {
  const code = codeOf(cause)
  if (code === 'ENOENT')
    return new KicError<DataErrorCode>(
      'data/missing-file',
      `readBytes: the file must exist, received ${path}. Check the path.`,
      { cause },
    )
  const why = cause instanceof Error ? cause.message : String(cause)
  return new KicError<DataErrorCode>(
    'data/unreadable-file',
    `readBytes: the file must be readable, received ${path}: ${why}. Check its permissions.`,
    { cause },
  )
}

/** The bytes of a file, or its first ones, chunk by chunk. */
export async function* readBytes(path: string, bytes?: number): AsyncGenerator<Uint8Array> {
  try {
    const found = await stat(path)
    if (found.isDirectory())
      throw new KicError<DataErrorCode>(
        'data/not-a-file',
        `readBytes: the path must be a file, received the folder ${path}. Use openDataset for folders.`,
      )
    for await (const piece of createReadStream(path, {
      highWaterMark: pieceBytes,
      ...(bytes === undefined ? {} : { end: bytes - 1 }),
    })) {
      const read: Uint8Array = piece
      yield read
    }
  } catch (error) {
    throw error instanceof KicError ? error : fileError(path, error)
  }
}

const pieces = (source: ByteSource): AsyncIterable<Uint8Array> | Iterable<Uint8Array> => {
  if (typeof source === 'string') return readBytes(source)
  return source instanceof Uint8Array ? [source] : source
}

const startsWith = (bytes: Uint8Array, ...magic: number[]): boolean =>
  magic.every((byte, i) => bytes[i] === byte)

const parquetMagic = [0x50, 0x41, 0x52, 0x31]
const zipMagic = [0x50, 0x4b, 0x03, 0x04]
const oleMagic = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]

/** The format by the first bytes: formats that are read from their end and cannot be streamed, or text. */
export const formatOf = async (source: ByteSource): Promise<'parquet' | 'zip' | 'ole' | 'text'> => {
  if (typeof source !== 'string' && !(source instanceof Uint8Array)) return 'text'
  const read: Uint8Array[] = []
  if (source instanceof Uint8Array) read.push(source.subarray(0, 8))
  else for await (const piece of readBytes(source, 8)) read.push(piece)
  const head = Buffer.concat(read)
  if (startsWith(head, ...parquetMagic)) return 'parquet'
  if (startsWith(head, ...zipMagic)) return 'zip'
  return startsWith(head, ...oleMagic) ? 'ole' : 'text'
}

/** The unpacked bytes of a gzip stream (RFC 1952), which may have several members. */
async function* gunzip(packed: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<Uint8Array> {
  const source = Readable.from(packed)
  const gunzipped = createGunzip({ chunkSize: pieceBytes })
  // A pipe does not forward errors of its source.
  source.on('error', (error) => gunzipped.destroy(error))
  try {
    for await (const piece of source.pipe(gunzipped)) {
      const bytes: Uint8Array = piece
      yield bytes
    }
  } catch (cause) {
    if (isKicError(cause)) throw cause
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new KicError<DataErrorCode>(
      'data/damaged-gzip',
      `${name}: the gzip data must be intact, received damaged or truncated data (${why}). Pack the file again.`,
      { cause },
    )
  } finally {
    source.destroy()
    gunzipped.destroy()
  }
}

type Pieces = AsyncIterator<Uint8Array> | Iterator<Uint8Array>

async function* chained(before: Uint8Array, after: Pieces): AsyncGenerator<Uint8Array> {
  try {
    if (before.length > 0) yield before
    for (;;) {
      const next = await after.next()
      if (next.done === true) return
      yield next.value
    }
  } finally {
    await after.return?.()
  }
}

/** A source as an iterator of text bytes, unpacked if it starts as gzip does. */
const unpack = async (
  source: ByteSource,
  name: string,
): Promise<{ readonly iterator: Pieces; readonly packing: 'gzip' | undefined }> => {
  const input = pieces(source)
  const raw = Symbol.asyncIterator in input ? input[Symbol.asyncIterator]() : input[Symbol.iterator]()
  let head: Uint8Array = new Uint8Array(0)
  while (head.length < 2) {
    const next = await raw.next()
    if (next.done === true) break
    head = head.length === 0 ? next.value : Buffer.concat([head, next.value])
  }
  const whole = chained(head, raw)
  return startsWith(head, 0x1f, 0x8b)
    ? { iterator: gunzip(whole, name), packing: 'gzip' }
    : { iterator: whole, packing: undefined }
}

/** Refuses what is certainly not text, before every line of it is reported. */
const checkText = (head: Uint8Array, name: string): void => {
  const refuse = (what: string): never => {
    throw new KicError<DataErrorCode>(
      'data/not-text',
      `${name}: the source must be text in UTF-8, UTF-16 or cp949, received ${what}. Convert or unpack it first.`,
    )
  }
  if (startsWith(head, 0x1f, 0x8b)) refuse('data packed by gzip twice')
  if (startsWith(head, ...zipMagic))
    refuse('a ZIP archive or an XLSX workbook as a stream, which must be a path')
  if (startsWith(head, ...oleMagic)) refuse('an old .xls workbook or a workbook with a password')
  if (startsWith(head, ...parquetMagic)) refuse('a Parquet file as a stream, which must be a path')
  const zero = head.subarray(0, 4096).indexOf(0)
  if (zero >= 0) refuse(`a zero byte in line ${lineAt(head, zero)}, which only binary data has`)
}

/** Reads this many bytes from the front of an iterator, or all of them. */
const readHead = async (
  iterator: Pieces,
  bytes: number,
): Promise<{ readonly head: Uint8Array; readonly ended: boolean }> => {
  const read: Uint8Array[] = []
  let length = 0
  while (length < bytes) {
    const next = await iterator.next()
    if (next.done === true) return { head: Buffer.concat(read), ended: true }
    read.push(next.value)
    length += next.value.length
  }
  return { head: Buffer.concat(read), ended: false }
}

const isUtf16 = (encoding: TextEncoding | undefined): encoding is Utf16 =>
  encoding === 'utf-16le' || encoding === 'utf-16be'

/** The encoding by the first bytes of a file, or the given one. */
const encodingOf = (
  head: Uint8Array,
  whole: boolean,
  given: TextEncoding | undefined,
  name: string,
): {
  readonly encoding: TextEncoding | undefined
  readonly markBytes: number
  readonly foundBy: OpenedBytes['foundBy']
} => {
  const mark = byteOrderMarkOf(head, name)
  const wrong = (found: string): never => {
    throw new KicError<DataErrorCode>(
      'data/wrong-encoding',
      `${name}: the wrong encoding was given: ${found}, received ${given}. Leave the encoding out, or correct it.`,
    )
  }
  if (given === undefined) {
    if (mark !== undefined)
      return { encoding: mark.encoding, markBytes: mark.bytes, foundBy: 'byte order mark' }
    return { encoding: sniffUtf16(head, whole), markBytes: 0, foundBy: 'bytes' }
  }
  if (mark !== undefined && mark.encoding !== given)
    wrong(`the file begins with the byte order mark of ${mark.encoding}`)
  if (mark === undefined && isUtf16(given) && head.length > 2 && !head.includes(0) && isUtf8(head))
    wrong('the file is in UTF-8')
  return { encoding: given, markBytes: mark?.bytes ?? 0, foundBy: 'option' }
}

const utf8Mark = [0xef, 0xbb, 0xbf]

/**
 * Opens a source, unpacks gzip, converts UTF-16 into UTF-8 and carriage returns that alone end lines into line feeds, and
 * reads the beginning. The returned stream starts at the first byte of text, after any byte order marks.
 *
 * @param given the encoding, if known
 * @throws KicError `data/missing-file`, `data/not-a-file`, `data/unreadable-file`, `data/empty-file`, `data/not-text`,
 * `data/wrong-encoding`, `data/damaged-gzip`
 */
export const openBytes = async (
  source: ByteSource,
  name: string,
  given?: TextEncoding | undefined,
): Promise<OpenedBytes> => {
  const { iterator, packing } = await unpack(source, name)
  const close = async (): Promise<void> => {
    await iterator.return?.()
  }
  try {
    const first = await readHead(iterator, pieceBytes)
    const { encoding, markBytes, foundBy } = encodingOf(first.head, first.ended, given, name)
    const marked = chained(first.head.subarray(markBytes), iterator)
    const text = isUtf16(encoding) ? utf16ToUtf8(marked, encoding) : marked
    const read = await readHead(text, pieceBytes)
    let marks = 0
    // Programs that each add a mark leave several marks.
    if (encoding !== 'cp949')
      while (startsWith(read.head.subarray(marks), ...utf8Mark)) marks += utf8Mark.length
    const start = read.head.subarray(marks)
    const returns = endsInReturns(start)
    const head = returns ? withLineFeeds(start) : start
    if (head.length === 0)
      throw new KicError<DataErrorCode>(
        'data/empty-file',
        `${name}: the file must have rows, received an empty file. Choose another file.`,
      )
    checkText(head, name)
    async function* rest(): AsyncGenerator<Uint8Array> {
      try {
        yield head
        for await (const piece of text) yield returns ? withLineFeeds(piece) : piece
      } finally {
        await close()
      }
    }
    return { head, bomBytes: markBytes + marks, encoding, foundBy, packing, bytes: rest(), close }
  } catch (error) {
    await close()
    throw error
  }
}
