import { type WholeCells, wholeCellsEnds } from './whole-cells.ts'

/** The position of a record in its block; `end` excludes the line break. */
export interface RecordSpan {
  readonly start: number
  readonly end: number
  /** The record's first line, counted from 1. */
  readonly line: number
}

/** Whole records, about `blockBytes` in total. */
export interface RecordBlock {
  readonly kind: 'block'
  readonly bytes: Uint8Array
  /** The offset of `bytes` in the file. */
  readonly offset: number
  readonly records: readonly RecordSpan[]
}

/** A line longer than allowed; only its beginning was kept. */
export interface LongLine {
  readonly kind: 'long-line'
  readonly line: number
  readonly head: Uint8Array
  readonly byteLength: number
}

/** The rules for cutting bytes. */
export interface CutRules {
  /**
   * Whether a cell may contain line breaks between quotes (RFC 4180, with cells separated by commas or `delimiter`).
   */
  readonly quoted: boolean
  /** The byte that separates quoted cells; a comma by default. */
  readonly delimiter?: number | undefined
  /**
   * Whether cells may be quoted as a whole, and then contain line breaks, in a file where other quotes are characters.
   */
  readonly wholeCells?: WholeCells | undefined
  /** Size of a block in bytes. */
  readonly blockBytes: number
  /** Longest line (with quotes: record) in bytes, without its line break. */
  readonly maxLineBytes: number
}

/** The result of cutting the front of some bytes. */
export interface Cut {
  readonly pieces: readonly (RecordBlock | LongLine)[]
  /** Number of bytes consumed. */
  readonly consumed: number
  /** The line of the first remaining byte. */
  readonly line: number
  /** A line too long to wait for its end; it continues up to the next line break. */
  readonly unfinished: LongLine | undefined
}

export const lineFeed = 0x0a
const quote = 0x22
const comma = 0x2c
const headBytes = 256

/** The line break that ends the record at `start`, i.e. the first one outside quotes; −1 if there is none. */
const quotedEnd = (
  bytes: Uint8Array,
  start: number,
  delimiter: number,
): { readonly end: number; readonly open: boolean } => {
  let open = false
  for (let i = start; i < bytes.length; i++) {
    const byte = bytes[i]
    if (byte === quote) {
      if (open && bytes[i + 1] === quote) i++
      else if (open) open = false
      else open = i === start || bytes[i - 1] === delimiter
    } else if (byte === lineFeed && !open) return { end: i, open }
  }
  return { end: -1, open }
}

const recordEnd = (bytes: Uint8Array, start: number, rules: CutRules, last: boolean): number => {
  if (!rules.quoted) return bytes.indexOf(lineFeed, start)
  const { end, open } = quotedEnd(bytes, start, rules.delimiter ?? comma)
  const length = (end < 0 ? bytes.length : end) - start
  const neverCloses = length > rules.maxLineBytes || (end < 0 && open && last)
  return neverCloses ? bytes.indexOf(lineFeed, start) : end
}

const linesIn = (bytes: Uint8Array, start: number, end: number): number => {
  let count = 1
  for (let i = bytes.indexOf(lineFeed, start); i >= 0 && i < end; i = bytes.indexOf(lineFeed, i + 1)) count++
  return count
}

/**
 * Cuts whole blocks of records from the front of `bytes`, which start at `offset` of the file and on `line`; with
 * `last`, it cuts everything. Neither UTF-8 nor cp949 uses the bytes of line feed, quote, comma or `|` inside a
 * character, so bytes can be cut before they are decoded. A quote that never closes, or not within `maxLineBytes`, ends
 * with its line.
 */
export const cutRecords = (
  bytes: Uint8Array,
  offset: number,
  line: number,
  rules: CutRules,
  last: boolean,
): Cut => {
  const pieces: (RecordBlock | LongLine)[] = []
  let records: RecordSpan[] = []
  let start = 0
  let startLine = line
  let position = 0
  let current = line
  const { wholeCells } = rules
  const endOf =
    wholeCells === undefined
      ? (at: number) => recordEnd(bytes, at, rules, last)
      : wholeCellsEnds(bytes, wholeCells, rules.maxLineBytes, last)
  const closeBlock = (): void => {
    if (records.length > 0)
      pieces.push({ kind: 'block', bytes: bytes.subarray(start, position), offset: offset + start, records })
    records = []
    start = position
    startLine = current
  }
  while (position < bytes.length) {
    const lineBreak = endOf(position)
    const end = lineBreak < 0 ? bytes.length : lineBreak
    const tooLong = end - position > rules.maxLineBytes
    if (lineBreak < 0 && !last && !tooLong) break
    if (tooLong) {
      closeBlock()
      const head = bytes.slice(position, position + Math.min(headBytes, rules.maxLineBytes))
      const found: LongLine = { kind: 'long-line', line: current, head, byteLength: end - position }
      if (lineBreak < 0 && !last) return { pieces, consumed: bytes.length, line: current, unfinished: found }
      pieces.push(found)
    } else records.push({ start: position - start, end: end - start, line: current })
    current += rules.quoted || wholeCells !== undefined ? linesIn(bytes, position, end) : 1
    position = Math.min(end + 1, bytes.length)
    if (tooLong || position - start >= rules.blockBytes) closeBlock()
  }
  if (last) closeBlock()
  return { pieces, consumed: start, line: startLine, unfinished: undefined }
}
