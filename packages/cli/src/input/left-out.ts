import { type Classification, type Labels, levelNames, restoreCode } from '@kic/classification'

/** A row that may lack the required label. */
export interface MaybeLabelled {
  readonly line: number
  readonly labels?: Labels | undefined
}

/** Lines listed in a message. */
const NAMED = 5

const lines = (rows: readonly MaybeLabelled[]): string =>
  `${rows.length === 1 ? 'line' : 'lines'} ${rows
    .slice(0, NAMED)
    .map(({ line }) => line)
    .join(', ')}${rows.length > NAMED ? ', …' : ''}`

const count = (n: number): string => n.toLocaleString('en-US')

/**
 * Rows whose code is coarser than a level but would be a code of that level with a leading zero. Empty if most coarser codes
 * would not be, because then they are meant as written.
 */
export const lostZeros = <R extends MaybeLabelled>(
  rows: readonly R[],
  classification: Classification,
  level: string,
): readonly R[] => {
  const coarser = rows.flatMap((row) => {
    const code = row.labels?.[level] === undefined ? finest(row.labels, classification)?.code : undefined
    return code === undefined ? [] : [{ row, restored: restoreCode(classification, level, code) }]
  })
  const lost = coarser.flatMap(({ row, restored }) => (restored === undefined ? [] : [row]))
  return 2 * lost.length > coarser.length ? lost : []
}

/** The finest code of a row. */
const finest = (labels: Labels | undefined, classification: Classification) => {
  const level = levelNames(classification).findLast((name) => labels?.[name] !== undefined)
  const code = level === undefined ? undefined : labels?.[level]
  return level === undefined || code === undefined ? undefined : { level, code }
}

/** What to do if a spreadsheet program removed leading zeros. */
export const describeLostZeros = (rows: readonly MaybeLabelled[], level: string): string =>
  rows.length === 0
    ? ''
    : ` ${count(rows.length)} of them would be a ${level} with a leading zero, which spreadsheet programs remove (011 becomes 11): ` +
      `${lines(rows)}. If so, rename the column to ${level} or use --columns text=…,${level}=… to restore the zeros.`

/**
 * Rows without a label at a level, in words, with the likely cause; empty if there are none.
 *
 * @param what happens to them: 'are left out'
 */
export const describeUnlabelled = (
  rows: readonly MaybeLabelled[],
  classification: Classification,
  level: string,
  what: string,
): string => {
  const without = rows.filter(({ labels }) => labels?.[level] === undefined)
  if (without.length === 0) return ''
  const bare = without.filter(({ labels }) => finest(labels, classification) === undefined)
  const coarser = levelNames(classification).flatMap((name) => {
    const own = without.filter(({ labels }) => finest(labels, classification)?.level === name)
    return own.length === 0
      ? []
      : [`${count(own.length)} with only a code of the level ${name} (${lines(own)})`]
  })
  const causes = [
    ...(bare.length === 0 ? [] : [`${count(bare.length)} unlabelled (${lines(bare)})`]),
    ...coarser,
  ]
  const why = coarser.length === 0 ? ` (${lines(bare)})` : `: ${causes.join(', ')}`
  const [has, verb] = without.length === 1 ? ['has', what.replace(/^are/, 'is')] : ['have', what]
  return (
    `${count(without.length)} of ${count(rows.length)} rows ${has} no ${level} and ${verb}${why}.` +
    describeLostZeros(lostZeros(without, classification, level), level)
  )
}
