import type { LongLine, RecordBlock } from './cut-records.ts'
import { excerptOf, type Reject } from './reject.ts'
import { type ByteEncoding, decodeStrict, firstUndecodable } from './strict-decoding.ts'

/** A record as text, without its line break. */
export interface TextRecord {
  readonly line: number
  readonly text: string
}

/** The records of a block: the decodable ones, and rejects for the others. */
export interface DecodedBlock {
  readonly records: readonly TextRecord[]
  readonly rejects: readonly Reject[]
}

const excerptBytes = 160

/** How records are decoded, and how undecodable ones are described. */
export interface Decoding {
  readonly encoding: ByteEncoding
  /** Whether the bytes were UTF-16 and have been converted to UTF-8. */
  readonly fromUtf16: boolean
  /** Reads a record's id from its bytes; `complete` says whether these are all bytes of the record. */
  readonly idOf: (bytes: Uint8Array, line: number, complete: boolean) => string | undefined
}

const encodingName: Readonly<Record<ByteEncoding, string>> = { 'utf-8': 'UTF-8', cp949: 'cp949' }

const otherEncoding: Readonly<Record<ByteEncoding, ByteEncoding>> = { 'utf-8': 'cp949', cp949: 'utf-8' }

const hexByte = (byte: number): string => byte.toString(16).toUpperCase().padStart(2, '0')

/** The beginning of some bytes as text, with undecodable bytes written as `\xNN`. */
const excerptOfBytes = (bytes: Uint8Array, encoding: ByteEncoding): string => {
  const pieces: string[] = []
  let rest = bytes.subarray(0, excerptBytes)
  while (rest.length > 0) {
    const bad = firstUndecodable(rest, encoding)
    pieces.push(decodeStrict(bad < 0 ? rest : rest.subarray(0, bad), encoding) ?? '')
    if (bad < 0) break
    pieces.push(`\\x${hexByte(rest[bad] ?? 0)}`)
    rest = rest.subarray(bad + 1)
  }
  return excerptOf(pieces.join(''))
}

const withoutReturn = (text: string): string => (text.endsWith('\r') ? text.slice(0, -1) : text)

const undecodable = (bytes: Uint8Array, line: number, fileOffset: number, decoding: Decoding): Reject => {
  const { encoding, fromUtf16 } = decoding
  const bad = firstUndecodable(bytes, encoding)
  const byte = hexByte(bytes[bad] ?? 0)
  return {
    line,
    id: decoding.idOf(bytes, line, true),
    reason: 'undecodable',
    message: fromUtf16
      ? 'the row must be UTF-16, received half of a surrogate pair or a truncated character. Correct it, or set the right encoding.'
      : `the row must be ${encodingName[encoding]}, received byte 0x${byte} at offset ${fileOffset + bad} of the file (byte ${bad + 1} of the row). ` +
        `Correct it, or set the encoding if the file is in ${encodingName[otherEncoding[encoding]]}.`,
    excerpt: excerptOfBytes(bytes, encoding),
  }
}

/** Decodes a block strictly. A record with an undecodable byte becomes a reject with the byte and its position. */
export const decodeRecords = (block: RecordBlock, decoding: Decoding): DecodedBlock => {
  const { bytes, offset, records } = block
  const { encoding } = decoding
  const whole = decodeStrict(bytes, encoding)
  const lines = whole?.split('\n')
  // If records are lines, one decoding and one split serve all of them.
  if (lines !== undefined && records.length === lines.length - (whole?.endsWith('\n') === true ? 1 : 0))
    return {
      records: records.map(({ line }, i) => ({ line, text: withoutReturn(lines[i] ?? '') })),
      rejects: [],
    }
  const decoded: TextRecord[] = []
  const rejects: Reject[] = []
  for (const { start, end, line } of records) {
    const own = bytes.subarray(start, end)
    const text = decodeStrict(own, encoding)
    if (text === undefined) rejects.push(undecodable(own, line, offset + start, decoding))
    else decoded.push({ line, text: withoutReturn(text) })
  }
  return { records: decoded, rejects }
}

/** The reject for a line beyond the maximum length. */
export const rejectLongLine = (
  { line, head, byteLength }: LongLine,
  maxLineBytes: number,
  { encoding, idOf }: Decoding,
): Reject => ({
  line,
  id: idOf(head, line, false),
  reason: 'line-too-long',
  message: `a row has at most ${maxLineBytes} bytes, received ${byteLength}. Look for a missing line break or quote.`,
  excerpt: excerptOfBytes(head, encoding),
})
