/**
 * Whether a spreadsheet program would run a cell as a formula: it starts with = + - @ (full-width too), tab or return.
 */
export const looksLikeFormula = (cell: string): boolean => /^[=+\-@\t\r＝＋－＠]/.test(cell)

/** Whether a cell looks like a formula, apart from apostrophes before it. */
const mayHaveGuard = (cell: string): boolean => /^'*[=+\-@\t\r＝＋－＠]/.test(cell)

/** A cell that no spreadsheet program runs. Apostrophes of its own get one more, so that `withoutGuard` is exact. */
const withGuard = (cell: string): string => (mayHaveGuard(cell) ? `'${cell}` : cell)

/** The cell that `csvLine` was given, without the apostrophe that it may have added. */
export const withoutGuard = (cell: string): string =>
  cell.startsWith("'") && mayHaveGuard(cell) ? cell.slice(1) : cell

/** A cell for CSV (RFC 4180): quoted if it contains a comma, a quote, a line break or outer spaces. */
export const csvCell = (cell: string): string =>
  /[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell

/** Whether a cell needs neither quotes nor an apostrophe. */
const isPlain = (cell: string): boolean => !/[",\r\n]|^[\s=+\-@＝＋－＠']|\s$/.test(cell)

/**
 * A line of CSV with its line end. No spreadsheet program runs its cells as formulas: a cell that looks like one, also
 * after apostrophes, gets a leading apostrophe.
 */
export const csvLine = (cells: readonly string[]): string =>
  `${cells.map((cell) => (isPlain(cell) ? cell : csvCell(withGuard(cell)))).join(',')}\r\n`
