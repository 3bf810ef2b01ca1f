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
  /** Mean −log p(class) at the finest level, in nats, and how much it is above the base's. */
  readonly logLoss: { readonly mean: number; readonly difference: PairedDifference | undefined } | undefined
  readonly seconds: number
}

/** A difference with its interval, each with a sign. */
const interval = (found: PairedDifference | undefined, scale: number, digits: number): string => {
  if (found === undefined) return '–'
  const signed = (x: number): string => `${x < 0 ? '−' : '+'}${Math.abs(scale * x).toFixed(digits)}`
  return `${signed(found.difference)} (${signed(found.low)} to ${signed(found.high)})`
}

/** One Markdown table: a row for each combination. */
export const stackingTable = (levels: readonly string[], rows: readonly StackingRow[]): string => {
  const head = [
    'combination',
    ...[...levels, 'log-loss'].flatMap((figure) => [figure, 'difference']),
    'fitted in s',
  ]
  const body = rows.map(({ name, levels: found, logLoss, seconds }) => [
    name,
    ...found.flatMap(({ accuracy, difference }) => [
      (100 * accuracy).toFixed(2),
      interval(difference, 100, 2),
    ]),
    logLoss?.mean.toFixed(4) ?? '–',
    interval(logLoss?.difference, 1, 4),
    seconds.toFixed(0),
  ])
  const widths = head.map((title, i) => Math.max(title.length, ...body.map((row) => (row[i] ?? '').length)))
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => (i === 0 ? cell.padEnd(defined(widths[0])) : cell.padStart(defined(widths[i])))).join(' | ')} |`
  const rule = `| ${widths.map((width, i) => (i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`
  return [line(head), rule, ...body.map(line)].join('\n')
}
