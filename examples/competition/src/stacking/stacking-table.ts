import { defined } from '@kic/core'
import type { PairedDifference } from '@kic/scores'

/** A combination's figures on the test rows. */
export interface StackingRow {
  readonly name: string
  /** Coarsest first: accuracy, and how much it is above the base's. */
  readonly levels: readonly {
    readonly accuracy: number
    readonly difference: PairedDifference | undefined
  }[]
  /** Mean −log p(class) at the finest level, in nats. */
  readonly logLoss: number | undefined
  readonly seconds: number
}

const points = (share: number): string => `${share < 0 ? '−' : '+'}${(100 * Math.abs(share)).toFixed(2)}`

/** One Markdown table: a row for each combination. */
export const stackingTable = (levels: readonly string[], rows: readonly StackingRow[]): string => {
  const head = ['combination', ...levels.flatMap((level) => [level, 'difference']), 'log-loss', 'fitted in s']
  const body = rows.map(({ name, levels: found, logLoss, seconds }) => [
    name,
    ...found.flatMap(({ accuracy, difference }) => [
      (100 * accuracy).toFixed(2),
      difference === undefined
        ? '–'
        : `${points(difference.difference)} (${points(difference.low)} to ${points(difference.high)})`,
    ]),
    logLoss?.toFixed(4) ?? '–',
    seconds.toFixed(0),
  ])
  const widths = head.map((title, i) => Math.max(title.length, ...body.map((row) => (row[i] ?? '').length)))
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => (i === 0 ? cell.padEnd(defined(widths[0])) : cell.padStart(defined(widths[i])))).join(' | ')} |`
  const rule = `| ${widths.map((width, i) => (i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`
  return [line(head), rule, ...body.map(line)].join('\n')
}
