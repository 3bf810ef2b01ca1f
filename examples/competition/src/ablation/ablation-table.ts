import { defined } from '@kic/core'
import { METHOD_NAMES, type MethodKey, type MethodResult } from './methods.ts'

/** Scores of one method with one seed, as fractions, and their cost. */
export interface SeedScores extends Omit<MethodResult, 'labels'> {
  readonly seed: number
  readonly levels: Readonly<Record<string, { readonly accuracy: number; readonly macroF1: number }>>
}

/** All that was measured, by method. */
export type AblationScores = Readonly<Partial<Record<MethodKey, readonly SeedScores[]>>>

/** Mean and sample standard deviation; 0 of a single value. */
export const spread = (values: readonly number[]): { readonly mean: number; readonly deviation: number } => {
  const mean = values.reduce((a, b) => a + b, 0) / values.length
  if (values.length < 2) return { mean, deviation: 0 }
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { mean, deviation: Math.sqrt(squares / (values.length - 1)) }
}

/** One Markdown table: a row for each method, accuracy and macro-F1 in percent at each level, mean ± deviation over seeds. */
export const ablationTable = (levels: readonly string[], scores: AblationScores): string => {
  const percent = (values: readonly number[]): string => {
    const { mean, deviation } = spread(values.map((value) => 100 * value))
    return values.length < 2 ? mean.toFixed(2) : `${mean.toFixed(2)} ± ${deviation.toFixed(2)}`
  }
  const cells = (key: MethodKey, seeds: readonly SeedScores[]): string[] => [
    METHOD_NAMES[key].trim(),
    ...levels.flatMap((level) =>
      (['accuracy', 'macroF1'] as const).map((metric) =>
        percent(seeds.map((seed) => seed.levels[level]?.[metric] ?? Number.NaN)),
      ),
    ),
    spread(seeds.map(({ seconds }) => seconds)).mean.toFixed(0),
    spread(seeds.map(({ extraSeconds }) => extraSeconds)).mean.toFixed(0),
  ]
  const head = [
    'method',
    ...levels.flatMap((level) => [`${level} accuracy`, `${level} macro-F1`]),
    'training s',
    'before it s',
  ]
  const body = Object.keys(METHOD_NAMES).flatMap((name) => {
    const key = name as MethodKey
    const seeds = scores[key]
    return seeds === undefined || seeds.length === 0 ? [] : [cells(key, seeds)]
  })
  const widths = head.map((title, column) =>
    Math.max(title.length, ...body.map((row) => defined(row[column]).length)),
  )
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => (column === 0 ? cell.padEnd(defined(widths[0])) : cell.padStart(defined(widths[column])))).join(' | ')} |`
  const rule = `| ${widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`
  return [line(head), rule, ...body.map(line)].join('\n')
}
