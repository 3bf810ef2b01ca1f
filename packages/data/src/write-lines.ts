import { isKicError } from '@kic/core'
import { writeFileAtomic } from '@kic/core/node'
import { byteOrderMark, encodeText, type OutputEncoding, type Unencodable } from './encode-text.ts'

/** How text is written. */
export interface WriteOptions {
  /** cp949 by default, as the competition's files. */
  readonly encoding?: OutputEncoding
  /** A character without a code is an error by default, or becomes a question mark. */
  readonly unencodable?: Unencodable
}

/** A line, and what to call it in an error. */
export interface NamedLine {
  readonly text: string
  readonly where: string
}

const pieceLines = 4096

/** Encodes many lines at once; where a character has no code, one by one, so that the error names the line. */
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

/** Encodes lines, ended as by Windows, in pieces large enough for a disk. */
async function* encodeLines(
  lines: AsyncIterable<NamedLine>,
  { encoding = 'cp949', unencodable = 'throw' }: WriteOptions,
): AsyncGenerator<Uint8Array> {
  yield byteOrderMark(encoding)
  let piece: NamedLine[] = []
  for await (const line of lines) {
    piece.push(line)
    if (piece.length < pieceLines) continue
    yield encodePiece(piece, encoding, unencodable)
    piece = []
  }
  yield encodePiece(piece, encoding, unencodable)
}

/**
 * Writes lines to a file that appears whole or not at all.
 *
 * @throws KicError what the lines throw, `data/unencodable`, `core/write-failed`.
 */
export const writeLines = async (
  path: string,
  lines: AsyncIterable<NamedLine>,
  options: WriteOptions,
): Promise<void> => {
  try {
    await writeFileAtomic(path, encodeLines(lines, options))
  } catch (error) {
    // A rule broken by a line says more than that the file could not be written.
    throw isKicError(error) && isKicError(error.cause) ? error.cause : error
  }
}
