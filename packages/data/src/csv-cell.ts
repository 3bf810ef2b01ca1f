/** Whether a spreadsheet program would take a cell for a formula: it begins with = + - @ (full-width too), tab or return. */
export const looksLikeFormula = (cell: string): boolean => /^[=+\-@\t\r＝＋－＠]/.test(cell)

/** A cell as CSV has it (RFC 4180): quoted where it holds a comma, a quote, a line break or outer spaces. */
export const csvCell = (cell: string): string =>
  /[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
