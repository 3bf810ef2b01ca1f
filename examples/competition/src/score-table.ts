import { defined } from '@kic/core'
import type { ReferenceLeads } from './accuracy-lead.ts'
import { signedInterval } from './signed-interval.ts'
import type { SystemScores } from './system-scores.ts'

/**
 * Scores as an aligned text table: a row for each system, two columns for each level, in percent, and a last one for how many points
 * a system is above the best reference.
 */
export const scoreTable = (
  levels: readonly string[],
  systems: readonly SystemScores[],
  leads?: ReferenceLeads | undefined,
): string => {
  const percent = (x: number | undefined): string => (x === undefined ? '–' : (100 * x).toFixed(2))
  const rows = [
    ['', ...levels.flatMap((level) => [level, '']), ...(leads ? [leads.level] : [])],
    ['', ...levels.flatMap(() => ['accuracy', 'macro-F1']), ...(leads ? ['above the best reference'] : [])],
    ...systems.map(({ system, levels: scores }) => [
      system,
      ...levels.flatMap((level) => [percent(scores[level]?.accuracy), percent(scores[level]?.macroF1)]),
      ...(leads ? [signedInterval(leads.leads[system], 100, 2)] : []),
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
