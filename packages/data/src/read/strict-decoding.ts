import { isUtf8 } from 'node:buffer'
import iconv from 'iconv-lite'

/** The encodings whose lines can be cut before decoding. */
export type ByteEncoding = 'utf-8' | 'cp949'

/** The encodings of Korean text files. cp949 is Microsoft's extension of EUC-KR, also called UHC or windows-949. */
export type TextEncoding = ByteEncoding | 'utf-16le' | 'utf-16be'

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/**
 * Decodes bytes as text; undefined if a byte does not belong to the encoding. There are no replacement characters. (The
 * platform's `TextDecoder('euc-kr')` is unusable: Node.js lacks the 8,822 syllables that cp949 adds.)
 */
export const decodeStrict = (bytes: Uint8Array, encoding: ByteEncoding): string | undefined => {
  const buffer = asBuffer(bytes)
  if (encoding === 'utf-8') return isUtf8(buffer) ? buffer.toString('utf8') : undefined
  // cp949 has no code for U+FFFD, so its presence proves an undecodable byte.
  const text = iconv.decode(buffer, 'cp949')
  return text.includes('\ufffd') ? undefined : text
}

const utf8Length = (lead: number): number => (lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4)

const cp949Length = (lead: number): number => (lead < 0x80 ? 1 : 2)

/** The position of the first byte that does not belong to the encoding; −1 if there is none. */
export const firstUndecodable = (bytes: Uint8Array, encoding: ByteEncoding): number => {
  const lengthOf = encoding === 'utf-8' ? utf8Length : cp949Length
  for (let i = 0; i < bytes.length; ) {
    const lead = bytes[i] ?? 0
    const length = lengthOf(lead)
    if (length > 1 || lead >= 0x80) {
      const character = bytes.subarray(i, i + length)
      if (character.length < length || decodeStrict(character, encoding) === undefined) return i
    }
    i += length
  }
  return -1
}
