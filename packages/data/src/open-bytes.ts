import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { isKicError, KicError } from '@kic/core'

/** Where bytes come from: the path of a file, the bytes themselves, or any stream of pieces. */
export type ByteSource = string | Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>

/** The beginning of a source, read far enough to recognise it, and the whole source from its first byte of text. */
export interface OpenedBytes {
  /** The first line, without its break; cut short where it is longer than the given limit. */
  readonly firstLine: Uint8Array
  /** Bytes of the byte order mark, 0 or 3. */
  readonly bomBytes: number
  /** Whether the source was packed; everything else here is about what was unpacked. */
  readonly packing: 'gzip' | undefined
  /** Everything behind the byte order mark. */
  readonly bytes: AsyncIterable<Uint8Array>
  /** Lets the source go, read or not. */
  close(): Promise<void>
}

const pieceBytes = 1 << 18

const codeOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined

const fileError = (path: string, cause: unknown): KicError => {
  const code = codeOf(cause)
  if (code === 'ENOENT') return new KicError('data/missing-file', `there is no file ${path}`, { cause })
  const why = cause instanceof Error ? cause.message : String(cause)
  return new KicError('data/unreadable-file', `${path} could not be read: ${why}`, { cause })
}

/** The bytes of a file, or its first ones, piece by piece. */
export async function* readBytes(path: string, bytes?: number): AsyncGenerator<Uint8Array> {
  try {
    const found = await stat(path)
    if (found.isDirectory())
      throw new KicError(
        'data/not-a-file',
        `${path} is a folder where a file was expected; openDataset reads folders`,
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

/** Whether a source is a Parquet file, which is read by its end and so can be no stream. */
export const isParquet = async (source: ByteSource): Promise<boolean> => {
  if (source instanceof Uint8Array) return startsWith(source, ...parquetMagic)
  if (typeof source !== 'string') return false
  const head: Uint8Array[] = []
  for await (const piece of readBytes(source, 4)) head.push(piece)
  return startsWith(Buffer.concat(head), ...parquetMagic)
}

/** The unpacked bytes of a gzip stream (RFC 1952), which may consist of several members. */
async function* gunzip(packed: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<Uint8Array> {
  const source = Readable.from(packed)
  const gunzipped = createGunzip({ chunkSize: pieceBytes })
  // A pipe does not hand on errors of its source.
  source.on('error', (error) => gunzipped.destroy(error))
  try {
    for await (const piece of source.pipe(gunzipped)) {
      const bytes: Uint8Array = piece
      yield bytes
    }
  } catch (cause) {
    if (isKicError(cause)) throw cause
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new KicError(
      'data/damaged-gzip',
      `${name}: the gzip data are damaged or cut short (${why}); pack the file again`,
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

/** A source as an iterator of text bytes: unpacked where it begins as gzip does. */
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

/** Refuses what is certainly no text in UTF-8 or cp949, before every line of it is reported. */
const checkText = (head: Uint8Array, name: string): void => {
  const refuse = (what: string): never => {
    throw new KicError(
      'data/not-text',
      `${name} is ${what}; a text file in UTF-8 or cp949 was expected: convert or unpack it first`,
    )
  }
  if (startsWith(head, 0xff, 0xfe) || startsWith(head, 0xfe, 0xff)) refuse('in UTF-16')
  if (startsWith(head, 0x1f, 0x8b)) refuse('packed by gzip twice')
  if (startsWith(head, 0x50, 0x4b, 0x03, 0x04)) refuse('a ZIP archive or a spreadsheet (xlsx)')
  if (startsWith(head, ...parquetMagic)) refuse('a Parquet file in a stream, where a path is needed,')
  if (head.subarray(0, 4096).includes(0)) refuse('binary or in UTF-16: its beginning holds bytes of value 0')
}

/**
 * Opens a source, unpacks it where it is gzip, and looks at its first line. The returned stream starts at the first byte of text again.
 *
 * @throws KicError `data/missing-file`, `data/not-a-file`, `data/unreadable-file`, `data/empty-file`, `data/not-text`,
 * `data/damaged-gzip`.
 */
export const openBytes = async (
  source: ByteSource,
  name: string,
  maxLineBytes: number,
): Promise<OpenedBytes> => {
  const { iterator, packing } = await unpack(source, name)
  let head: Uint8Array = new Uint8Array(0)
  let ended = false
  while (!ended && head.length <= maxLineBytes && !head.includes(0x0a)) {
    const next = await iterator.next()
    ended = next.done === true
    if (next.done !== true) head = Buffer.concat([head, next.value])
  }
  const bomBytes = startsWith(head, 0xef, 0xbb, 0xbf) ? 3 : 0
  const text = head.subarray(bomBytes)
  const close = async (): Promise<void> => {
    await iterator.return?.()
  }
  async function* rest(): AsyncGenerator<Uint8Array> {
    try {
      yield text
      while (!ended) {
        const next = await iterator.next()
        if (next.done === true) return
        yield next.value
      }
    } finally {
      await close()
    }
  }
  try {
    if (text.length === 0) throw new KicError('data/empty-file', `${name} is empty`)
    checkText(head, name)
  } catch (error) {
    await close()
    throw error
  }
  const lineBreak = text.indexOf(0x0a)
  return {
    firstLine: text.subarray(0, lineBreak < 0 ? maxLineBytes : lineBreak),
    bomBytes,
    packing,
    bytes: rest(),
    close,
  }
}
