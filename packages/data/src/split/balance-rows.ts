import type { Labels } from '@kic/classification'
import { defined, hash32, KicError } from '@kic/core'
import type { DataErrorCode } from '../error-code.ts'
import { rowClass } from './row-class.ts'

/** The fields required for balancing. */
export interface ClassedRow {
  readonly id: string
  readonly labels?: Labels | undefined
}

/** Options for balancing classes. */
export interface BalanceOptions {
  /** Rows per class: the maximum for `capClasses`, the minimum for `upSample`. */
  readonly rows: number
  readonly seed: number | string
  /** The level of the classes; by default the finest level of each row. Rows without labels are left alone. */
  readonly level?: string | undefined
}

const check = (caller: string, rows: number): void => {
  if (Number.isInteger(rows) && rows >= 1) return
  throw new KicError<DataErrorCode>(
    'data/bad-balance',
    `${caller}: rows must be a whole number of at least 1, received ${rows}. Set a larger number.`,
  )
}

/** Positions of the rows of each class, in an order that depends only on the seed and the ids. */
const drawOrder = (
  rows: readonly ClassedRow[],
  { seed, level }: BalanceOptions,
): ReadonlyMap<string, number[]> => {
  const order = rows.map((row) => hash32(seed, 'balance', row.id))
  const classes = new Map<string, number[]>()
  rows.forEach((row, position) => {
    const name = rowClass(row.labels, level)
    if (name === '') return
    const positions = classes.get(name)
    if (positions === undefined) classes.set(name, [position])
    else positions.push(position)
  })
  const byId = (a: number, b: number): number => ((rows[a]?.id ?? '') < (rows[b]?.id ?? '') ? -1 : 1)
  for (const positions of classes.values())
    positions.sort((a, b) => defined(order[a]) - defined(order[b]) || byId(a, b))
  return classes
}

/**
 * Limits the rows of each class, in their original order. The choice depends on the seed and the ids, not on the order
 * of rows, and a larger limit keeps all rows of a smaller one.
 *
 * @throws KicError `data/bad-balance`
 */
export const capClasses = <R extends ClassedRow>(rows: readonly R[], options: BalanceOptions): R[] => {
  check('capClasses', options.rows)
  const dropped = new Set<number>()
  for (const positions of drawOrder(rows, options).values())
    for (const position of positions.slice(options.rows)) dropped.add(position)
  return rows.filter((_, position) => !dropped.has(position))
}

/**
 * Repeats rows up to a minimum per class. The repetitions come after all rows, and each row of a class is repeated
 * equally often, or once more. The seed and the ids determine which rows are repeated once more.
 *
 * Split first: a row repeated before the split could be on both sides.
 *
 * @throws KicError `data/bad-balance`
 */
export const upSample = <R extends ClassedRow>(rows: readonly R[], options: BalanceOptions): R[] => {
  check('upSample', options.rows)
  const result = [...rows]
  for (const positions of drawOrder(rows, options).values()) {
    for (let i = positions.length; i < options.rows; i++) {
      const row = rows[defined(positions[i % positions.length])]
      if (row !== undefined) result.push(row)
    }
  }
  return result
}
