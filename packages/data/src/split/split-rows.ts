import type { Labels } from '@kic/classification'
import { defined, KicError } from '@kic/core'
import type { DataErrorCode } from '../error-code.ts'
import { assignParts, type SplitColumns } from './assign-parts.ts'
import { rowClass } from './row-class.ts'
import { textKeyHash } from './text-key.ts'

/** The fields required for splitting. */
export interface SplittableRow {
  readonly text: string
  readonly labels?: Labels | undefined
}

/** Options for splitting. */
export interface SplitOptions<Part extends string> {
  /** Share of the rows by part name: positive, with sum 1. */
  readonly fractions: Readonly<Record<Part, number>>
  readonly seed: number | string
  /** The level whose classes keep their proportions; by default the finest level of each row. */
  readonly level?: string | undefined
}

/** Options for folding. */
export interface FoldOptions {
  /** The number of folds, at least 2. */
  readonly folds: number
  readonly seed: number | string
  /** The level whose classes keep their proportions; by default the finest level of each row. */
  readonly level?: string | undefined
}

/** One fold: the rows to evaluate on, and all others. */
export interface Fold<R> {
  readonly train: R[]
  readonly dev: R[]
}

const checkFractions = (
  fractions: Readonly<Record<string, number>>,
): readonly (readonly [string, number])[] => {
  const parts = Object.entries(fractions)
  const sum = parts.reduce((total, [, share]) => total + share, 0)
  if (parts.length > 0 && parts.every(([, share]) => share > 0) && Math.abs(sum - 1) < 1e-9) return parts
  throw new KicError<DataErrorCode>(
    'data/bad-fractions',
    `splitRows: fractions must be positive and sum to 1, received ${JSON.stringify(fractions)}. Correct them.`,
  )
}

/**
 * Keys and classes of rows. Classes are numbered by name, so that their numbers do not depend on the order of rows.
 */
const columnsOf = (rows: readonly SplittableRow[], level: string | undefined): SplitColumns => {
  const names = rows.map((row) => rowClass(row.labels, level))
  const numbers = new Map([...new Set(names)].sort().map((name, number) => [name, number]))
  const keyHigh = new Int32Array(rows.length)
  const keyLow = new Int32Array(rows.length)
  rows.forEach((row, i) => {
    const [high, low] = textKeyHash(row.text)
    keyHigh[i] = high
    keyLow[i] = low
  })
  return { keyHigh, keyLow, classes: names.map((name) => numbers.get(name) ?? 0) }
}

/**
 * Splits rows so that no text is on two sides: rows with equal `textKey` stay together, with any labels.
 *
 * Each class is split separately, so proportions hold to within about one row per class if texts differ (a text that
 * repeats often goes where it fits). If one part is larger than all others, the first text of every class goes there,
 * so no class is missing there. What a class of few rows owes a part is carried over to the next class, at most one
 * row. The part of a row depends on the seed and the set of rows, not on their order; within a part, rows keep their
 * order. `assignParts` splits rows that are columns.
 *
 * @throws KicError `data/bad-fractions`
 */
export const splitRows = <R extends SplittableRow, Part extends string>(
  rows: readonly R[],
  { fractions, seed, level }: SplitOptions<Part>,
): Readonly<Record<Part, R[]>> => {
  const parts = checkFractions(fractions)
  const partOf = assignParts(
    columnsOf(rows, level),
    parts.map(([, share]) => share),
    seed,
  )
  const result = Object.fromEntries(parts.map(([name]) => [name, [] as R[]])) as Record<Part, R[]>
  rows.forEach((row, i) => {
    const part = parts[defined(partOf[i])]?.[0]
    if (part !== undefined) result[part as Part].push(row)
  })
  return result
}

/**
 * The fold of each row, from 0, as `splitRows` into equal parts.
 *
 * @throws KicError `data/bad-folds` for fewer than 2 folds or more than 1,000
 */
export const foldNumbers = (
  rows: readonly SplittableRow[],
  { folds, seed, level }: FoldOptions,
): Uint16Array => {
  if (!Number.isInteger(folds) || folds < 2 || folds > 1000)
    throw new KicError<DataErrorCode>(
      'data/bad-folds',
      `foldNumbers: folds must be a whole number from 2 to 1000, received ${folds}. Correct it.`,
    )
  return assignParts(columnsOf(rows, level), new Array<number>(folds).fill(1 / folds), seed)
}

/**
 * Folds for cross-validation: every row is evaluated in one fold and trained on in all others, with equal texts
 * together.
 *
 * @throws KicError `data/bad-folds`
 */
export const foldRows = <R extends SplittableRow>(
  rows: readonly R[],
  options: FoldOptions,
): readonly Fold<R>[] => {
  const numbers = foldNumbers(rows, options)
  return Array.from({ length: options.folds }, (_, fold) => ({
    train: rows.filter((_row, i) => numbers[i] !== fold),
    dev: rows.filter((_row, i) => numbers[i] === fold),
  }))
}
