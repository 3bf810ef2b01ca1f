import { createReadStream } from 'node:fs'
import { isKicError } from '@kic/core'
import { writeFileAtomic } from '@kic/core/node'
import {
  byteOrderMark,
  encodeText,
  firstUnencodable,
  type OutputEncoding,
  type Unencodable,
} from './encode-text.ts'

/** Options for writing text. */
export interface WriteOptions {
  /**
   * cp949 by default, as in the competition's files. `auto`: cp949 if it has every character, otherwise UTF-8 with a
   * byte order mark.
   */
  readonly encoding?: OutputEncoding | 'auto' | undefined
  /** A character that the encoding lacks is an error (default) or becomes a question mark. */
  readonly unencodable?: Unencodable | undefined
}

/** A line and its name for errors. */
export interface NamedLine {
  readonly text: string
  readonly where: string
}

const pieceLines = 4096

/**
 * Encodes many lines at once. If a character has no code, it encodes them one by one, so that the error gives the line.
 */
const encodePiece = (
  lines: readonly NamedLine[],
  encoding: OutputEncoding,
  unencodable: Unencodable,
): Uint8Array => {
  const text = lines.map((line) => `${line.text}\r\n`).join('')
  try {
    return encodeText(text, encoding, unencodable, 'the file')
  } catch (error) {
    for (const line of lines) encodeText(line.text, encoding, unencodable, line.where)
    throw error
  }
}

/** Encodes lines with Windows line ends, in pieces of a good size for a disk, and returns the text of each piece. */
async function* encodeLines(
  lines: AsyncIterable<NamedLine>,
  encoding: OutputEncoding,
  unencodable: Unencodable,
  seen?: (text: string) => void,
): AsyncGenerator<Uint8Array> {
  yield byteOrderMark(encoding)
  let piece: NamedLine[] = []
  for await (const line of lines) {
    seen?.(line.text)
    piece.push(line)
    if (piece.length < pieceLines) continue
    yield encodePiece(piece, encoding, unencodable)
    piece = []
  }
  yield encodePiece(piece, encoding, unencodable)
}

const writeWhole = async (path: string, content: AsyncIterable<Uint8Array>): Promise<void> => {
  try {
    await writeFileAtomic(path, content)
  } catch (error) {
    // A rule broken by a line is a better message than a failed write.
    throw isKicError(error) && isKicError(error.cause) ? error.cause : error
  }
}

/** The lines of a UTF-8 file with a byte order mark, in cp949. */
async function* inCp949(path: string): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder('utf-8')
  for await (const piece of createReadStream(path)) {
    const bytes: Uint8Array = piece
    yield encodeText(decoder.decode(bytes, { stream: true }), 'cp949', 'throw', path)
  }
}

/**
 * Writes lines to a file that appears whole or not at all.
 *
 * @returns the encoding of the file
 * @throws KicError any error of the lines, `data/unencodable`, `core/write-failed`
 */
export const writeLines = async (
  path: string,
  lines: AsyncIterable<NamedLine>,
  { encoding = 'cp949', unencodable = 'throw' }: WriteOptions,
): Promise<OutputEncoding> => {
  if (encoding !== 'auto') {
    await writeWhole(path, encodeLines(lines, encoding, unencodable))
    return encoding
  }
  // The encoding of all lines is known only after the last one, so they are written in UTF-8 first and not held in
  // memory.
  let fits = true
  const watch = (text: string): void => {
    fits &&= firstUnencodable(text, 'cp949') === undefined
  }
  await writeWhole(path, encodeLines(lines, 'utf-8-bom', unencodable, watch))
  if (!fits) return 'utf-8-bom'
  await writeWhole(path, inCp949(path))
  return 'cp949'
}
