import { type Hierarchy, type Labels, levelNames, restoreCode } from '@kic/classification'

/** A row that may lack the label wanted. */
export interface MaybeLabelled {
  readonly line: number
  readonly labels?: Labels | undefined
}

/** So many lines are named. */
const NAMED = 5

const lines = (rows: readonly MaybeLabelled[]): string =>
  `${rows.length === 1 ? 'line' : 'lines'} ${rows
    .slice(0, NAMED)
    .map(({ line }) => line)
    .join(', ')}${rows.length > NAMED ? ', …' : ''}`

const count = (n: number): string => n.toLocaleString('en-US')

/**
 * Rows whose code is coarser than a level, but would be a code of that level with a leading zero. Where most coarser codes
 * would not, they were meant as they are, and there is none.
 */
export const lostZeros = <R extends MaybeLabelled>(
  rows: readonly R[],
  hierarchy: Hierarchy,
  level: string,
): readonly R[] => {
  const coarser = rows.flatMap((row) => {
    const code = row.labels?.[level] === undefined ? finest(row.labels, hierarchy)?.code : undefined
    return code === undefined ? [] : [{ row, restored: restoreCode(hierarchy, level, code) }]
  })
  const lost = coarser.flatMap(({ row, restored }) => (restored === undefined ? [] : [row]))
  return 2 * lost.length > coarser.length ? lost : []
}

/** The finest code of a row. */
const finest = (labels: Labels | undefined, hierarchy: Hierarchy) => {
  const level = levelNames(hierarchy).findLast((name) => labels?.[name] !== undefined)
  const code = level === undefined ? undefined : labels?.[level]
  return level === undefined || code === undefined ? undefined : { level, code }
}

/** What to do where a spreadsheet took leading zeros. */
export const describeLostZeros = (rows: readonly MaybeLabelled[], level: string): string =>
  rows.length === 0
    ? ''
    : ` ${count(rows.length)} of them would be a ${level} with a leading zero, which spreadsheets take away (011 becomes 11): ` +
      `${lines(rows)}. If so, call the column ${level}, or name it by --columns text=…,${level}=…: zeros are then restored.`

/**
 * Rows without a label at a level, in words, with the likely cause; empty where there is none.
 *
 * @param what becomes of them: 'are left out'
 */
export const describeUnlabelled = (
  rows: readonly MaybeLabelled[],
  hierarchy: Hierarchy,
  level: string,
  what: string,
): string => {
  const without = rows.filter(({ labels }) => labels?.[level] === undefined)
  if (without.length === 0) return ''
  const bare = without.filter(({ labels }) => finest(labels, hierarchy) === undefined)
  const coarser = levelNames(hierarchy).flatMap((name) => {
    const own = without.filter(({ labels }) => finest(labels, hierarchy)?.level === name)
    return own.length === 0
      ? []
      : [`${count(own.length)} with a code of the level ${name} only (${lines(own)})`]
  })
  const causes = [
    ...(bare.length === 0 ? [] : [`${count(bare.length)} without a code (${lines(bare)})`]),
    ...coarser,
  ]
  const [has, verb] = without.length === 1 ? ['has', what.replace(/^are/, 'is')] : ['have', what]
  return (
    `${count(without.length)} of ${count(rows.length)} rows ${has} no ${level} and ${verb}: ${causes.join(', ')}.` +
    describeLostZeros(lostZeros(without, hierarchy, level), level)
  )
}
