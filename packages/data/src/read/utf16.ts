import { isUtf8 } from 'node:buffer'
import { KicError } from '@kic/core'
import type { DataErrorCode } from '../error-code.ts'

/** The two byte orders of UTF-16. */
export type Utf16 = 'utf-16le' | 'utf-16be'

const unitsOf = (bytes: Uint8Array, encoding: Utf16): string => {
  const copy = Buffer.from(bytes)
  return (encoding === 'utf-16be' ? copy.swap16() : copy).toString('utf16le')
}

/** UTF-8, with half a surrogate pair as three invalid bytes, so that its row is found undecodable. */
const utf8Of = (text: string): Uint8Array => {
  if (!/\p{Surrogate}/u.test(text)) return Buffer.from(text, 'utf8')
  const pieces = Array.from(text, (character) => {
    if (!/\p{Surrogate}/u.test(character)) return Buffer.from(character, 'utf8')
    const unit = character.charCodeAt(0)
    return Buffer.from([0xe0 | (unit >> 12), 0x80 | ((unit >> 6) & 0x3f), 0x80 | (unit & 0x3f)])
  })
  return Buffer.concat(pieces)
}

const isHighSurrogate = (text: string): boolean => {
  const unit = text.charCodeAt(text.length - 1)
  return unit >= 0xd800 && unit < 0xdc00
}

/** A byte that never occurs in UTF-8; it marks a file that ends inside a character. */
const cutOff = Uint8Array.of(0xff)

/** Converts UTF-16 into UTF-8, chunk by chunk. Invalid UTF-16 becomes invalid UTF-8. */
export async function* utf16ToUtf8(
  source: AsyncIterable<Uint8Array>,
  encoding: Utf16,
): AsyncGenerator<Uint8Array> {
  let odd: Uint8Array = new Uint8Array(0)
  let half = ''
  for await (const piece of source) {
    const bytes = odd.length === 0 ? piece : Buffer.concat([odd, piece])
    const even = bytes.length - (bytes.length % 2)
    odd = bytes.slice(even)
    const text = half + unitsOf(bytes.subarray(0, even), encoding)
    const keep = isHighSurrogate(text) ? 1 : 0
    half = text.slice(text.length - keep)
    if (text.length > keep) yield utf8Of(text.slice(0, text.length - keep))
  }
  if (half !== '') yield utf8Of(half)
  if (odd.length > 0) yield cutOff
}

/** Counts the characters of a text that are usual in Korean tables, and the invalid ones. */
const judge = (
  text: string,
): { readonly ascii: number; readonly likely: number; readonly length: number } => {
  const ascii = text.match(/[\t\n\r\x20-\x7e]/g)?.length ?? 0
  const eastAsian =
    text.match(/[\u00b7\u2010-\u203f\u3000-\u303f\u3131-\u318e\uac00-\ud7a3\uff00-\uffef]|\p{Script=Han}/gu)
      ?.length ?? 0
  return { ascii, likely: ascii + eastAsian, length: text.length }
}

/**
 * The kind of UTF-16 at the beginning of a file without a byte order mark, by its zero bytes: every ASCII character
 * (line breaks, delimiters, digits) has one, on the same side. Undefined if there are none, if the characters are
 * unusual for Korean tables, or if the bytes are UTF-8 text with a few zeros.
 *
 * @param whole whether `head` is the whole file
 */
export const sniffUtf16 = (head: Uint8Array, whole: boolean): Utf16 | undefined => {
  if (head.length < 2 || !head.includes(0) || (whole && head.length % 2 === 1)) return undefined
  const bytes = head.subarray(0, Math.min(head.length - (head.length % 2), 4096))
  const zeros = bytes.filter((byte) => byte === 0).length
  if (isUtf8(head) && zeros < 0.4 * bytes.length) return undefined
  const orders = ['utf-16le', 'utf-16be'] as const
  const [best] = orders
    .map((encoding) => ({ encoding, ...judge(unitsOf(bytes, encoding)) }))
    .sort((a, b) => b.ascii - a.ascii || b.likely - a.likely)
  if (best === undefined || best.ascii < 0.05 * best.length || best.likely < 0.8 * best.length)
    return undefined
  return best.encoding
}

/** The encoding of a file's byte order mark, and the mark's length in bytes. */
export const byteOrderMarkOf = (
  head: Uint8Array,
  name: string,
): { readonly encoding: 'utf-8' | Utf16; readonly bytes: number } | undefined => {
  const starts = (...bytes: number[]): boolean => bytes.every((byte, i) => head[i] === byte)
  if (starts(0xff, 0xfe, 0, 0) || starts(0, 0, 0xfe, 0xff))
    throw new KicError<DataErrorCode>(
      'data/not-text',
      `${name}: the encoding must be UTF-8, UTF-16 or cp949, received UTF-32. Save the file in UTF-8.`,
    )
  if (starts(0xff, 0xfe)) return { encoding: 'utf-16le', bytes: 2 }
  if (starts(0xfe, 0xff)) return { encoding: 'utf-16be', bytes: 2 }
  return starts(0xef, 0xbb, 0xbf) ? { encoding: 'utf-8', bytes: 3 } : undefined
}
