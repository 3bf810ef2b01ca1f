import { defined } from '@kic/core'
import type { PairedDifference } from '@kic/scores'

/** A combination's figures on the test rows. */
export interface StackingRow {
  readonly name: string
  /** At each level, coarsest first. */
  readonly accuracies: readonly number[]
  /** Mean −log p(class) at the finest level, in nats. */
  readonly logLoss: number | undefined
  /** Accuracy at the finest level less the base's. */
  readonly difference: PairedDifference | undefined
  readonly seconds: number
}

const points = (share: number): string => `${share < 0 ? '−' : '+'}${(100 * Math.abs(share)).toFixed(2)}`

/** One Markdown table: a row for each combination. */
export const stackingTable = (levels: readonly string[], rows: readonly StackingRow[]): string => {
  const head = ['combination', ...levels, 'log-loss', 'difference', 'fitted in s']
  const body = rows.map(({ name, accuracies, logLoss, difference, seconds }) => [
    name,
    ...accuracies.map((share) => (100 * share).toFixed(2)),
    logLoss?.toFixed(4) ?? '–',
    difference === undefined
      ? '–'
      : `${points(difference.difference)} (${points(difference.low)} to ${points(difference.high)})`,
    seconds.toFixed(0),
  ])
  const widths = head.map((title, i) => Math.max(title.length, ...body.map((row) => (row[i] ?? '').length)))
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => (i === 0 ? cell.padEnd(defined(widths[0])) : cell.padStart(defined(widths[i])))).join(' | ')} |`
  const rule = `| ${widths.map((width, i) => (i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`
  return [line(head), rule, ...body.map(line)].join('\n')
}
