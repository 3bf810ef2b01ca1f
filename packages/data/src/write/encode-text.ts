import { KicError } from '@kic/core'
import iconv from 'iconv-lite'
import type { DataErrorCode } from '../error-code.ts'

/** Encodings of output files; `utf-8-bom` is UTF-8 that spreadsheet programs recognise. */
export type OutputEncoding = 'cp949' | 'utf-8' | 'utf-8-bom'

/** The treatment of a character that the encoding lacks: an error, or a question mark instead. */
export type Unencodable = 'throw' | 'question-mark'

const occurrences = (bytes: Uint8Array, byte: number): number => {
  let count = 0
  for (let i = bytes.indexOf(byte); i >= 0; i = bytes.indexOf(byte, i + 1)) count++
  return count
}

// 0x3F is never part of a two-byte code, so surplus question marks show characters that have no code.
const lostCharacters = (text: string, encoded: Uint8Array): boolean =>
  occurrences(encoded, 0x3f) !== text.split('?').length - 1

/**
 * The first character of a text that an encoding lacks, or undefined. A lone surrogate has no code in any encoding.
 */
export const firstUnencodable = (text: string, encoding: OutputEncoding): string | undefined => {
  if (encoding !== 'cp949') return /\p{Surrogate}/u.exec(text)?.[0]
  if (!lostCharacters(text, iconv.encode(text, 'cp949'))) return undefined
  return [...text].find((character) => lostCharacters(character, iconv.encode(character, 'cp949')))
}

const describe = (character: string): string =>
  `'${character}' (U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')})`

/**
 * Encodes a text.
 *
 * @param where the text's name, for the error: 'row id_0000001'
 * @throws KicError `data/unencodable` with the character
 */
export const encodeText = (
  text: string,
  encoding: OutputEncoding,
  unencodable: Unencodable,
  where: string,
): Uint8Array => {
  const encoded =
    encoding === 'cp949'
      ? iconv.encode(text, 'cp949')
      : Buffer.from(text.replace(/\p{Surrogate}/gu, '?'), 'utf8')
  const lost = encoding === 'cp949' ? lostCharacters(text, encoded) : /\p{Surrogate}/u.test(text)
  if (!lost || unencodable === 'question-mark') return encoded
  throw new KicError<DataErrorCode>(
    'data/unencodable',
    `${where}: every character must be in ${encoding}, received ${describe(firstUnencodable(text, encoding) ?? '?')}. ` +
      (encoding === 'cp949'
        ? "Write with encoding 'auto' or 'utf-8', or with unencodable 'question-mark'."
        : "Correct the text, or write with unencodable 'question-mark'."),
  )
}

/** The first bytes of a file in this encoding. */
export const byteOrderMark = (encoding: OutputEncoding): Uint8Array =>
  new Uint8Array(encoding === 'utf-8-bom' ? [0xef, 0xbb, 0xbf] : [])
