import { hash32, KicError } from '@kic/core'
import type { Labels } from './hierarchy.ts'
import { textKey } from './text-key.ts'

/** How to split. */
export interface SplitOptions<Part extends string> {
  /** Share of the rows by part name; all positive, together 1. Equal shares are folds. */
  readonly fractions: Readonly<Record<Part, number>>
  readonly seed: number | string
  /** The level whose classes keep their proportions; without it the finest one of each row. */
  readonly level?: string
}

/** Rows with the same text key: they go to one part together. */
interface Cluster {
  readonly key: string
  readonly members: number[]
  readonly order: number
}

const checkFractions = (
  fractions: Readonly<Record<string, number>>,
): readonly (readonly [string, number])[] => {
  const parts = Object.entries(fractions)
  const sum = parts.reduce((total, [, share]) => total + share, 0)
  if (parts.length > 0 && parts.every(([, share]) => share > 0) && Math.abs(sum - 1) < 1e-9) return parts
  throw new KicError(
    'data/bad-fractions',
    `splitRows: fractions must be positive and sum to 1, received ${JSON.stringify(fractions)}`,
  )
}

const classOf = (labels: Labels | undefined, level: string | undefined): string => {
  if (labels === undefined) return ''
  if (level !== undefined) return labels[level] ?? ''
  return Object.values(labels).at(-1) ?? ''
}

/** The most frequent class of a cluster; the first in code order among equals, so that row order does not matter. */
const majority = (classes: readonly string[]): string => {
  const counts = new Map<string, number>()
  for (const name of classes) counts.set(name, (counts.get(name) ?? 0) + 1)
  let best = classes[0] ?? ''
  for (const [name, count] of counts) {
    const bestCount = counts.get(best) ?? 0
    if (count > bestCount || (count === bestCount && name < best)) best = name
  }
  return best
}

const byHash = (a: Cluster, b: Cluster): number =>
  a.order - b.order || (a.key < b.key ? -1 : Number(a.key > b.key))

/** The part with the largest room among those that hold `size` more rows; if none does, among all. */
const roomiest = (room: readonly number[]): number =>
  room.reduce((best, space, part) => (space > (room[best] ?? 0) ? part : best), 0)

/** A part drawn with odds in proportion to its room, among the parts that have room for the whole cluster. */
const drawPart = (room: readonly number[], size: number, chance: number): number => {
  const odds = room.map((space) => (space >= size - 1e-9 ? space : 0))
  const total = odds.reduce((sum, odd) => sum + odd, 0)
  if (total <= 0) return roomiest(room)
  let left = chance * total
  for (const [part, odd] of odds.entries()) {
    left -= odd
    if (odd > 0 && left < 0) return part
  }
  return roomiest(odds)
}

/**
 * Splits rows so that no text stands on two sides: rows with equal `textKey` stay together, whatever their labels.
 *
 * Each class is shared out on its own, so proportions hold within about one row a class where texts differ (a text that
 * repeats often goes where it fits). The first text of every class goes to the largest part, so no class is missing
 * there; what a class of few rows owes a part is carried over to the next class, at most one row. Which part a text
 * goes to follows from the seed and the texts, not from the order of the rows; inside a part rows keep their order.
 *
 * @throws KicError `data/bad-fractions`.
 */
export const splitRows = <R extends { readonly text: string; readonly labels?: Labels }, Part extends string>(
  rows: readonly R[],
  { fractions, seed, level }: SplitOptions<Part>,
): Readonly<Record<Part, R[]>> => {
  const parts = checkFractions(fractions)
  const clusters = new Map<string, Cluster>()
  rows.forEach((row, i) => {
    const key = textKey(row.text)
    const cluster = clusters.get(key)
    if (cluster !== undefined) cluster.members.push(i)
    else clusters.set(key, { key, members: [i], order: hash32(seed, 'order', key) })
  })
  const strata = new Map<string, Cluster[]>()
  for (const cluster of clusters.values()) {
    const name = majority(cluster.members.map((i) => classOf(rows[i]?.labels, level)))
    const stratum = strata.get(name)
    if (stratum === undefined) strata.set(name, [cluster])
    else stratum.push(cluster)
  }

  const partOf = new Uint32Array(rows.length)
  const shares = parts.map(([, share]) => share)
  const largest = roomiest(shares)
  let carried = shares.map(() => 0)
  for (const name of [...strata.keys()].sort()) {
    const stratum = (strata.get(name) ?? []).sort(byHash)
    const size = stratum.reduce((sum, cluster) => sum + cluster.members.length, 0)
    const room = shares.map((share, part) => share * size + (carried[part] ?? 0))
    stratum.forEach(({ key, members }, position) => {
      const chance = hash32(seed, 'part', key) / 0x1_0000_0000
      const part = position === 0 ? largest : drawPart(room, members.length, chance)
      room[part] = (room[part] ?? 0) - members.length
      for (const i of members) partOf[i] = part
    })
    carried = room.map((space) => Math.max(-1, Math.min(1, space)))
  }

  const result = Object.fromEntries(parts.map(([name]) => [name, [] as R[]])) as Record<Part, R[]>
  rows.forEach((row, i) => {
    const part = parts[partOf[i] ?? 0]?.[0]
    if (part !== undefined) result[part as Part].push(row)
  })
  return result
}
