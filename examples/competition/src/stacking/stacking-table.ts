import type { PairedDifference } from '@kic/scores'
import { markdownTable } from '../markdown-table.ts'
import { signedInterval } from '../signed-interval.ts'

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
      signedInterval(difference, 100, 2),
    ]),
    logLoss?.mean.toFixed(4) ?? '–',
    signedInterval(logLoss?.difference, 1, 4),
    seconds.toFixed(0),
  ])
  return markdownTable(head, body)
}
