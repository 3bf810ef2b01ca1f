/** The first record of a text, cut into cells. */
export interface HeaderRecord {
  readonly cells: readonly string[]
  /** Its length, with its line break. */
  readonly length: number
  /** Its number of lines. */
  readonly lines: number
}

const endOfLine = (text: string, start: number): number => {
  const lineBreak = text.indexOf('\n', start)
  return lineBreak < 0 ? text.length : lineBreak
}

const withoutReturn = (cell: string): string => (cell.endsWith('\r') ? cell.slice(0, -1) : cell)

/**
 * The closing quote of the quoted cell that opens at `open`: it is followed by a delimiter or a line end, apart from
 * spaces; −1 if there is none.
 */
const closingQuote = (text: string, open: number, delimiter: string): number => {
  for (let i = text.indexOf('"', open + 1); i >= 0; i = text.indexOf('"', i + 1)) {
    if (text[i + 1] === '"') {
      i += 1
      continue
    }
    let next = i + 1
    while (text[next] === ' ') next += 1
    if (text[next] === '\r') next += 1
    return next >= text.length || text[next] === delimiter || text[next] === '\n' ? i : -1
  }
  return -1
}

/** The first line, cut at every delimiter; quotes are ordinary characters. */
export const plainRecord = (text: string, delimiter: string): HeaderRecord => {
  const end = endOfLine(text, 0)
  const line = withoutReturn(text.slice(0, end))
  return { cells: line.split(delimiter), length: Math.min(end + 1, text.length), lines: 1 }
}

/**
 * The first record, whose cells may be quoted as in RFC 4180, with spaces around the quotes and line breaks and
 * delimiters inside them. A quote that opens no cell or never closes is an ordinary character.
 */
export const quotedRecord = (text: string, delimiter: string): HeaderRecord => {
  const cells: string[] = []
  let position = 0
  for (;;) {
    let start = position
    while (text[start] === ' ') start += 1
    const close = text[start] === '"' ? closingQuote(text, start, delimiter) : -1
    const from = close < 0 ? position : close + 1
    const next = text.indexOf(delimiter, from)
    const lineEnd = endOfLine(text, from)
    const last = next < 0 || next > lineEnd
    const end = last ? lineEnd : next
    cells.push(
      close < 0
        ? withoutReturn(text.slice(position, end))
        : text.slice(start + 1, close).replaceAll('""', '"'),
    )
    if (!last) {
      position = next + 1
      continue
    }
    const length = Math.min(lineEnd + 1, text.length)
    return { cells, length, lines: text.slice(0, lineEnd).split('\n').length }
  }
}
