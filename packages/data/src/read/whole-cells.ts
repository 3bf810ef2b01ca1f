/** The rules for recognising cells that are quoted as a whole. */
export interface WholeCells {
  /** The byte that separates cells. */
  readonly delimiter: number
  /** The number of cells of a record. */
  readonly width: number
  /** Whether the file is quoted throughout, as `isQuotedThroughout` finds. */
  readonly throughout: boolean
}

const lineFeed = 0x0a
const carriageReturn = 0x0d
const quote = 0x22

const unclosed = -1
const unknown = -2

/**
 * The position after the quote that closes the cell opening at `open`: it comes before a delimiter or a line end, and
 * all quotes before it are doubled. `unclosed` if another quote comes first, `unknown` if the bytes end before one.
 */
const closedAt = (bytes: Uint8Array, open: number, delimiter: number, last: boolean): number => {
  for (let i = bytes.indexOf(quote, open + 1); i >= 0; i = bytes.indexOf(quote, i + 1)) {
    const next = bytes[i + 1]
    if (next === quote) {
      i += 1
      continue
    }
    if (next === undefined) return last ? i + 1 : unknown
    if (next === delimiter || next === lineFeed) return i + 1
    if (next !== carriageReturn) return unclosed
    if (i + 2 === bytes.length) return last ? i + 1 : unknown
    return bytes[i + 2] === lineFeed ? i + 1 : unclosed
  }
  return last ? unclosed : unknown
}

const count = (bytes: Uint8Array, byte: number, start: number, end: number): number => {
  let found = 0
  for (let i = bytes.indexOf(byte, start); i >= 0 && i < end; i = bytes.indexOf(byte, i + 1)) found += 1
  return found
}

/** Whether every line has the right number of cells if quotes are ordinary characters. */
const linesAreRecords = (
  bytes: Uint8Array,
  start: number,
  end: number,
  { delimiter, width }: WholeCells,
): boolean => {
  for (let line = start; line <= end; ) {
    const lineBreak = bytes.indexOf(lineFeed, line)
    const lineEnd = lineBreak < 0 || lineBreak > end ? end : lineBreak
    if (count(bytes, delimiter, line, lineEnd) + 1 !== width) return false
    line = lineEnd + 1
  }
  return true
}

/** Whether a record of several lines is plausible: it has the right number of cells, and its single lines do not. */
const spansLines = (
  bytes: Uint8Array,
  start: number,
  end: number,
  cells: number,
  rules: WholeCells,
): boolean =>
  cells === rules.width &&
  (rules.width === 1 || rules.throughout || !linesAreRecords(bytes, start, end, rules))

/**
 * Whether the beginning of a file was written by a program that quotes by RFC 4180: every quote is part of a cell
 * quoted as a whole, some such cell is within one line, and every record has the right number of cells. In such a file,
 * a cell may even contain line breaks and delimiters that make its lines look like records.
 *
 * @param whole whether these are all bytes of the file; if not, the last record may be cut
 */
export const isQuotedThroughout = (
  bytes: Uint8Array,
  { delimiter, width }: Omit<WholeCells, 'throughout'>,
  whole: boolean,
): boolean => {
  let [cells, certain] = [1, false]
  for (let position = 0; position < bytes.length; ) {
    const quoted = bytes[position] === quote
    const from = quoted ? closedAt(bytes, position, delimiter, whole) : position
    if (from === unknown) return certain
    if (from === unclosed) return false
    let end = from
    while (end < bytes.length && bytes[end] !== delimiter && bytes[end] !== lineFeed) end += 1
    if (!quoted && count(bytes, quote, position, end) > 0) return false
    certain ||= quoted && count(bytes, lineFeed, position, end) === 0
    const last = end === bytes.length
    if (last && !whole) return certain
    if (!last && bytes[end] === delimiter) cells += 1
    else if (cells !== width && !(cells === 1 && end - position <= 1)) return false
    else cells = 1
    position = end + 1
  }
  return certain
}

/** Finds the next occurrence of a byte and caches it: many lines may share the next quote, or have none. */
const seeker = (bytes: Uint8Array, byte: number): ((from: number) => number) => {
  let origin = Number.POSITIVE_INFINITY
  let found = -1
  return (from) => {
    if (from >= origin && (found < 0 || found >= from)) return found
    origin = from
    found = bytes.indexOf(byte, from)
    return found
  }
}

/**
 * Finds the ends of records: a function from a record's start to the line break that ends it, −1 if the bytes end
 * first. A quoted cell may contain line breaks if this makes one record with the right number of cells from lines that
 * are not records: a single stray quote never swallows rows.
 */
export const wholeCellsEnds = (
  bytes: Uint8Array,
  rules: WholeCells,
  maxLineBytes: number,
  last: boolean,
): ((start: number) => number) => {
  const nextQuote = seeker(bytes, quote)
  const nextDelimiter = seeker(bytes, rules.delimiter)
  return (start) => {
    const firstBreak = bytes.indexOf(lineFeed, start)
    const firstQuote = nextQuote(start)
    if (firstQuote < 0 || (firstBreak >= 0 && firstQuote > firstBreak)) return firstBreak
    // Quotes that close too far away close nothing.
    const limit = bytes.subarray(0, start + maxLineBytes)
    const complete = last || bytes.length - start >= maxLineBytes
    let cells = 1
    let position = start
    for (;;) {
      const close =
        limit[position] === quote ? closedAt(limit, position, rules.delimiter, complete) : unclosed
      if (close === unknown) return -1
      const from = close === unclosed ? position : close
      const next = nextDelimiter(from)
      const lineBreak = bytes.indexOf(lineFeed, from)
      if (next >= 0 && (lineBreak < 0 || next < lineBreak)) {
        cells += 1
        position = next + 1
        continue
      }
      if (firstBreak < 0 || lineBreak === firstBreak) return lineBreak
      const end = lineBreak < 0 ? bytes.length : lineBreak
      if (end - start > maxLineBytes || !spansLines(bytes, start, end, cells, rules)) return firstBreak
      return lineBreak
    }
  }
}

const closingQuote = (text: string, open: number, delimiter: string): number => {
  for (let i = text.indexOf('"', open + 1); i >= 0; i = text.indexOf('"', i + 1)) {
    const next = text[i + 1]
    if (next === '"') i += 1
    else return next === undefined || next === delimiter ? i : -1
  }
  return -1
}

const unquoted = (cell: string): string =>
  /^"(?:[^"]|"")*"$/.test(cell) ? cell.slice(1, -1).replaceAll('""', '"') : cell

/** Cuts a record into cells. A cell quoted as a whole is unquoted; in all others, quotes are ordinary characters. */
export const splitWholeCells = (text: string, delimiter: string, width: number): readonly string[] => {
  const plain = text.split(delimiter)
  if (!text.includes('"')) return plain
  const cells: string[] = []
  for (let position = 0; position <= text.length; ) {
    const close = text[position] === '"' ? closingQuote(text, position, delimiter) : -1
    const next = text.indexOf(delimiter, close < 0 ? position : close)
    const end = next < 0 ? text.length : next
    cells.push(unquoted(text.slice(position, end)))
    position = end + 1
  }
  // A delimiter between two stray quotes separates cells if this gives the right number of cells.
  return cells.length !== width && plain.length === width ? plain.map(unquoted) : cells
}
