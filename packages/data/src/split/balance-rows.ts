import type { Labels } from '@kic/classification'
import { hash32, KicError } from '@kic/core'
import { rowClass } from './row-class.ts'

/** What a row must have to be balanced. */
export interface ClassedRow {
  readonly id: string
  readonly labels?: Labels
}

/** How classes are balanced. */
export interface BalanceOptions {
  /** Rows of a class: at most so many for `capClasses`, at least for `upSample`. */
  readonly rows: number
  readonly seed: number | string
  /** The level whose classes are meant; without it the finest one of each row. Rows without labels are left alone. */
  readonly level?: string
}

const check = (caller: string, rows: number): void => {
  if (Number.isInteger(rows) && rows >= 1) return
  throw new KicError('data/bad-balance', `${caller}: rows must be a whole number from 1 on, received ${rows}`)
}

/** Positions of the rows of each class, in an order that follows from the seed and the ids alone. */
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
    positions.sort((a, b) => (order[a] ?? 0) - (order[b] ?? 0) || byId(a, b))
  return classes
}

/**
 * At most so many rows of each class, in their old order. Which ones follows from the seed and their ids, not from the
 * order of the rows, and a larger cap keeps what a smaller one keeps.
 *
 * @throws KicError `data/bad-balance`.
 */
export const capClasses = <R extends ClassedRow>(rows: readonly R[], options: BalanceOptions): R[] => {
  check('capClasses', options.rows)
  const dropped = new Set<number>()
  for (const positions of drawOrder(rows, options).values())
    for (const position of positions.slice(options.rows)) dropped.add(position)
  return rows.filter((_, position) => !dropped.has(position))
}

/**
 * At least so many rows of each class: behind all rows come repetitions of those of smaller classes, each row of a class as
 * often as any other, or once more. Which ones once more follows from the seed and their ids.
 *
 * Split first: a row that was repeated before could stand on both sides.
 *
 * @throws KicError `data/bad-balance`.
 */
export const upSample = <R extends ClassedRow>(rows: readonly R[], options: BalanceOptions): R[] => {
  check('upSample', options.rows)
  const result = [...rows]
  for (const positions of drawOrder(rows, options).values()) {
    for (let i = positions.length; i < options.rows; i++) {
      const row = rows[positions[i % positions.length] ?? 0]
      if (row !== undefined) result.push(row)
    }
  }
  return result
}
