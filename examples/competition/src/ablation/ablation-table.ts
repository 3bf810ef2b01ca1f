import type { PairedDifference } from '@kic/scores'
import { markdownTable } from '../markdown-table.ts'
import { signedInterval } from '../signed-interval.ts'
import type { NamedRows } from './ablation-rows.ts'
import type { MethodResult } from './methods.ts'

/** Scores of one row of the table with one seed, as fractions, and their cost. */
export interface SeedScores extends Omit<MethodResult, 'labels'> {
  readonly seed: number
  readonly levels: Readonly<Record<string, { readonly accuracy: number; readonly macroF1: number }>>
}

/** All that was measured of a row. */
export interface RowScores {
  readonly seeds: readonly SeedScores[]
  /** How far its accuracy at the finest level is above the reference's; `undefined` of the reference itself. */
  readonly difference: PairedDifference | undefined
}

/** All that was measured, by row. */
export type AblationScores = Readonly<Record<string, RowScores>>

/** Mean and sample standard deviation; 0 of a single value. */
export const spread = (values: readonly number[]): { readonly mean: number; readonly deviation: number } => {
  const mean = values.reduce((a, b) => a + b, 0) / values.length
  if (values.length < 2) return { mean, deviation: 0 }
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { mean, deviation: Math.sqrt(squares / (values.length - 1)) }
}

const percent = (values: readonly number[]): string => {
  const { mean, deviation } = spread(values.map((value) => 100 * value))
  return values.length < 2 ? mean.toFixed(2) : `${mean.toFixed(2)} ± ${deviation.toFixed(2)}`
}

/**
 * One Markdown table: accuracy and macro-F1 in percent at each level, mean ± deviation over seeds, and the points of
 * accuracy at the finest level above the reference.
 *
 * @param levels coarsest first
 */
export const ablationTable = (
  levels: readonly string[],
  { reference, rows }: NamedRows,
  scores: AblationScores,
): string => {
  const head = [
    'method',
    ...levels.flatMap((level) => [`${level} accuracy`, `${level} macro-F1`]),
    `${levels.at(-1)} over ${reference}`,
    'training s',
    'before it s',
  ]
  const body = Object.entries(rows).flatMap(([key, { name }]) => {
    const found = scores[key]
    if (found === undefined) return []
    const { seeds, difference } = found
    const figures = levels.flatMap((level) =>
      (['accuracy', 'macroF1'] as const).map((metric) =>
        percent(seeds.map((seed) => seed.levels[level]?.[metric] ?? Number.NaN)),
      ),
    )
    const seconds = [seeds.map((seed) => seed.seconds), seeds.map((seed) => seed.extraSeconds)].map(
      (values) => spread(values).mean.toFixed(0),
    )
    return [[name, ...figures, signedInterval(difference, 100, 2), ...seconds]]
  })
  return markdownTable(head, body)
}
