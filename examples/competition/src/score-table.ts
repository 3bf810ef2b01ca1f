import { defined } from '@kic/core'
/** Accuracy and macro-F1 of one system at each level it predicts, as fractions. */
export interface SystemScores {
  readonly system: string
  readonly levels: Readonly<Record<string, { readonly accuracy: number; readonly macroF1: number }>>
}

/** Scores as an aligned text table: a row for each system, two columns for each level, in percent. */
export const scoreTable = (levels: readonly string[], systems: readonly SystemScores[]): string => {
  const percent = (x: number | undefined): string => (x === undefined ? '–' : (100 * x).toFixed(2))
  const rows = [
    ['', ...levels.flatMap((level) => [level, ''])],
    ['', ...levels.flatMap(() => ['accuracy', 'macro-F1'])],
    ...systems.map(({ system, levels: scores }) => [
      system,
      ...levels.flatMap((level) => [percent(scores[level]?.accuracy), percent(scores[level]?.macroF1)]),
    ]),
  ]
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => defined(row[column]).length)),
  )
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(defined(widths[0])) : cell.padStart(defined(widths[column])),
      )
      .join('  ')
      .trimEnd()
  const [top = [], head = [], ...body] = rows
  return [line(top), line(head), '─'.repeat(line(head).length), ...body.map(line)].join('\n')
}
