/** Whether a character takes two terminal columns: Hangul, ideographs, full-width forms. */
const isWide = (character: string): boolean =>
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/.test(
    character,
  )

/** Width of a text in columns of a terminal: 2 for Hangul, ideographs and full-width forms. */
export const terminalWidth = (text: string): number =>
  [...text].reduce((width, character) => width + (isWide(character) ? 2 : 1), 0)

/** Control characters as JavaScript writes them: they break lines, and move the cursor of a terminal. */
const visible = (cell: string): string =>
  cell.replace(/\p{Cc}/gu, (character) => {
    const short = JSON.stringify(character).slice(1, -1)
    return short === character ? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}` : short
  })

/**
 * Rows with aligned columns, one per line, with two spaces between columns. Control characters are written as `\n`, `\t`
 * and `\u001b`.
 */
export const textTable = (cells: readonly (readonly string[])[], indent = ''): string => {
  const rows = cells.map((row) => row.map(visible))
  const widths: number[] = []
  for (const row of rows) {
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, terminalWidth(cell))
  }
  const line = (row: readonly string[]): string =>
    row
      .map((cell, i) => cell + ' '.repeat(Math.max(0, (widths[i] ?? 0) - terminalWidth(cell))))
      .join('  ')
      .trimEnd()
  return rows.map((row) => `${indent}${line(row)}\n`).join('')
}

/** 0.9234 as '92.3 %'. */
export const percent = (share: number): string => `${(100 * share).toFixed(1)} %`
