import { defined, hash32 } from '@kic/core'

/** Rows as columns: the 64-bit hash of each text key (`textKeyHash`) and the number of each class. */
export interface SplitColumns {
  readonly keyHigh: Int32Array
  readonly keyLow: Int32Array
  /** Any integers; equal numbers are one class. */
  readonly classes: ArrayLike<number>
}

/** Rows with the same key form a cluster; clusters are numbered in order of appearance. */
interface Clusters {
  readonly count: number
  readonly high: Int32Array
  readonly low: Int32Array
  readonly sizes: Uint32Array
  /** Class of each cluster. */
  readonly classes: Int32Array
  /** Rows by class, for clusters with rows of several classes. */
  readonly mixed: ReadonlyMap<number, ReadonlyMap<number, number>>
  /** Cluster of each row. */
  readonly ofRow: Uint32Array
}

/** The most frequent class; the smallest if several are equal, so that the order of rows does not matter. */
const majority = (counts: ReadonlyMap<number, number>): number => {
  let [best, most] = [0, 0]
  for (const [name, count] of counts)
    if (count > most || (count === most && name < best)) [best, most] = [name, count]
  return best
}

/** Clusters rows by open addressing in typed arrays: a Map of a million strings would take ten times the memory. */
const clusterRows = ({ keyHigh, keyLow, classes }: SplitColumns): Clusters => {
  const rows = keyHigh.length
  const mask = 2 ** Math.ceil(Math.log2(2 * rows + 2)) - 1
  const slots = new Uint32Array(mask + 1) // cluster + 1, 0 where free
  const high = new Int32Array(rows)
  const low = new Int32Array(rows)
  const sizes = new Uint32Array(rows)
  const classOf = new Int32Array(rows)
  const ofRow = new Uint32Array(rows)
  const mixed = new Map<number, Map<number, number>>()
  let count = 0
  for (let row = 0; row < rows; row++) {
    const h = defined(keyHigh[row])
    const l = defined(keyLow[row])
    const own = defined(classes[row])
    let slot = l & mask
    let cluster = defined(slots[slot]) - 1
    while (cluster >= 0 && (high[cluster] !== h || low[cluster] !== l)) {
      slot = (slot + 1) & mask
      cluster = defined(slots[slot]) - 1
    }
    if (cluster < 0) {
      cluster = count++
      slots[slot] = count
      high[cluster] = h
      low[cluster] = l
      classOf[cluster] = own
    }
    const size = defined(sizes[cluster])
    const known = mixed.get(cluster)
    if (known !== undefined) known.set(own, (known.get(own) ?? 0) + 1)
    else if (own !== classOf[cluster])
      mixed.set(
        cluster,
        new Map([
          [defined(classOf[cluster]), size],
          [own, 1],
        ]),
      )
    sizes[cluster] = size + 1
    ofRow[row] = cluster
  }
  for (const [cluster, counts] of mixed) classOf[cluster] = majority(counts)
  return { count, high, low, sizes, classes: classOf, mixed, ofRow }
}

/** The part with the most room. */
const roomiest = (room: readonly number[]): number => room.indexOf(Math.max(...room))

/** Draws a part with probability proportional to its room, among parts with room for the whole cluster. */
const drawPart = (room: readonly number[], size: number, chance: number): number => {
  const least = size - 1e-9
  let total = 0
  for (const space of room) if (space >= least) total += space
  let left = chance * total
  for (let part = 0; part < room.length; part++) {
    const space = defined(room[part])
    if (space < least) continue
    left -= space
    if (left < 0) return part
  }
  return roomiest(room)
}

/**
 * The number of rows of each class that every part may take: its share rounded down or up, in total all rows. The parts
 * that lack most after the earlier classes are rounded up, so a class is never off by more than a row, and many small
 * classes together are not off either.
 */
const roomsOfClasses = (
  classes: ArrayLike<number>,
  shares: readonly number[],
): ReadonlyMap<number, number[]> => {
  const sizes = new Map<number, number>()
  for (let row = 0; row < classes.length; row++)
    sizes.set(defined(classes[row]), (sizes.get(defined(classes[row])) ?? 0) + 1)
  let lack = shares.map(() => 0)
  const rooms = new Map<number, number[]>()
  for (const [name, size] of [...sizes].sort(([a], [b]) => a - b)) {
    const exact = shares.map((share) => share * size)
    const room = exact.map((space) => Math.floor(space + 1e-9))
    lack = lack.map((before, part) => before + defined(exact[part]) - defined(room[part]))
    const missing = size - room.reduce((sum, space) => sum + space, 0)
    const neediest = [...shares.keys()].sort((a, b) => defined(lack[b]) - defined(lack[a])).slice(0, missing)
    for (const part of neediest) {
      room[part] = defined(room[part]) + 1
      lack[part] = defined(lack[part]) - 1
    }
    rooms.set(name, room)
  }
  return rooms
}

/**
 * The part of each row, as its position in `shares`. Rows with equal keys stay together, and each class is split
 * separately; see `splitRows`.
 *
 * @param shares positive, with sum 1
 */
export const assignParts = (
  columns: SplitColumns,
  shares: readonly number[],
  seed: number | string,
): Uint16Array => {
  const { count, high, low, sizes, classes, mixed, ofRow } = clusterRows(columns)
  const order = new Uint32Array(count)
  const [orderSeed, partSeed] = [hash32(seed, 'order'), hash32(seed, 'part')]
  const pure = new Map<number, number[]>()
  for (let cluster = 0; cluster < count; cluster++) {
    order[cluster] = hash32(orderSeed, defined(high[cluster]), defined(low[cluster]))
    if (mixed.has(cluster)) continue
    const name = defined(classes[cluster])
    const stratum = pure.get(name)
    if (stratum === undefined) pure.set(name, [cluster])
    else stratum.push(cluster)
  }
  const at = (values: Int32Array | Uint32Array, i: number): number => defined(values[i])
  // Repeated texts come first, so that single ones are left to fill every part up to its share.
  const bySizeThenHash = (a: number, b: number): number =>
    at(sizes, b) - at(sizes, a) ||
    at(order, a) - at(order, b) ||
    at(high, a) - at(high, b) ||
    at(low, a) - at(low, b)

  const partOf = new Uint16Array(count)
  const rooms = roomsOfClasses(columns.classes, shares)
  const roomOf = (name: number): number[] => rooms.get(name) ?? []
  const place = (cluster: number, part: number, rows: Iterable<readonly [number, number]>): void => {
    partOf[cluster] = part
    for (const [name, own] of rows) {
      const room = roomOf(name)
      room[part] = defined(room[part]) - own
    }
  }
  const draw = (cluster: number): number =>
    drawPart(
      roomOf(at(classes, cluster)),
      at(sizes, cluster),
      hash32(partSeed, at(high, cluster), at(low, cluster)) / 0x1_0000_0000,
    )
  // Clusters of several classes come before all others, which can still compensate for them.
  for (const cluster of [...mixed.keys()].sort(bySizeThenHash))
    place(cluster, draw(cluster), mixed.get(cluster) ?? [])
  const largest = roomiest(shares)
  const isLargest = shares.filter((share) => share >= defined(shares[largest]) - 1e-9).length === 1
  for (const [name, stratum] of pure) {
    for (const [position, cluster] of stratum.sort(bySizeThenHash).entries()) {
      const part = isLargest && position === 0 ? largest : draw(cluster)
      place(cluster, part, [[name, at(sizes, cluster)]])
    }
  }
  return Uint16Array.from(ofRow, (cluster) => defined(partOf[cluster]))
}
