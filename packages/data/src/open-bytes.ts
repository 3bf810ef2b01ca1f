import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { KicError } from '@kic/core'

/** Where bytes come from: the path of a file, the bytes themselves, or any stream of pieces. */
export type ByteSource = string | Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>

/** The beginning of a source, read far enough to recognise it, and the whole source from its first byte of text. */
export interface OpenedBytes {
  /** The first line, without its break; cut short where it is longer than the given limit. */
  readonly firstLine: Uint8Array
  /** Bytes of the byte order mark, 0 or 3. */
  readonly bomBytes: number
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

async function* readFile(path: string): AsyncGenerator<Uint8Array> {
  try {
    const found = await stat(path)
    if (found.isDirectory())
      throw new KicError(
        'data/not-a-file',
        `${path} is a folder where a file was expected; openDataset reads folders`,
      )
    for await (const piece of createReadStream(path, { highWaterMark: pieceBytes })) {
      const bytes: Uint8Array = piece
      yield bytes
    }
  } catch (error) {
    throw error instanceof KicError ? error : fileError(path, error)
  }
}

const pieces = (source: ByteSource): AsyncIterable<Uint8Array> | Iterable<Uint8Array> => {
  if (typeof source === 'string') return readFile(source)
  return source instanceof Uint8Array ? [source] : source
}

const startsWith = (bytes: Uint8Array, ...magic: number[]): boolean =>
  magic.every((byte, i) => bytes[i] === byte)

/** Refuses what is certainly no text in UTF-8 or cp949, before every line of it is reported. */
const checkText = (head: Uint8Array, name: string): void => {
  const refuse = (what: string): never => {
    throw new KicError(
      'data/not-text',
      `${name} is ${what}; a text file in UTF-8 or cp949 was expected: convert or unpack it first`,
    )
  }
  if (startsWith(head, 0xff, 0xfe) || startsWith(head, 0xfe, 0xff)) refuse('in UTF-16')
  if (startsWith(head, 0x1f, 0x8b)) refuse('compressed by gzip')
  if (startsWith(head, 0x50, 0x4b, 0x03, 0x04)) refuse('a ZIP archive or a spreadsheet (xlsx)')
  if (startsWith(head, 0x50, 0x41, 0x52, 0x31)) refuse('a Parquet file')
  if (head.subarray(0, 4096).includes(0)) refuse('binary or in UTF-16: its beginning holds bytes of value 0')
}

/**
 * Opens a source and looks at its first line. The returned stream starts at the first byte of text again.
 *
 * @throws KicError `data/missing-file`, `data/not-a-file`, `data/unreadable-file`, `data/empty-file`, `data/not-text`.
 */
export const openBytes = async (
  source: ByteSource,
  name: string,
  maxLineBytes: number,
): Promise<OpenedBytes> => {
  const input = pieces(source)
  const iterator = Symbol.asyncIterator in input ? input[Symbol.asyncIterator]() : input[Symbol.iterator]()
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
    bytes: rest(),
    close,
  }
}
