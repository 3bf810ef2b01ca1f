/** Whether a spreadsheet program would take a cell for a formula: it begins with = + - @ (full-width too), tab or return. */
export const looksLikeFormula = (cell: string): boolean => /^[=+\-@\t\r＝＋－＠]/.test(cell)

/** A cell as CSV has it (RFC 4180): quoted where it holds a comma, a quote, a line break or outer spaces. */
export const csvCell = (cell: string): string =>
  /[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell

/** Whether a cell is as it is: neither to be quoted nor like a formula. */
const isPlain = (cell: string): boolean => !/[",\r\n]|^[\s=+\-@＝＋－＠]|\s$/.test(cell)

/**
 * A line of CSV with its line end, of cells that no spreadsheet program runs as a formula: one that would be gets an
 * apostrophe before it.
 */
export const csvLine = (cells: readonly string[]): string =>
  `${cells.map((cell) => (isPlain(cell) ? cell : csvCell(looksLikeFormula(cell) ? `'${cell}` : cell))).join(',')}\r\n`
