/** The vocabulary as a trie over UTF-16 units, in flat arrays: one look-up per unit, without creating strings. */
export interface PieceTrie {
  /** The root of pieces that start a word. */
  readonly initial: number
  /** The root of pieces that continue a word. */
  readonly continuing: number
  /** The node reached from `node` by `unit`, or -1. */
  step(node: number, unit: number): number
  /** The id of the piece that ends at `node`, or -1. */
  idAt(node: number): number
}

/**
 * Builds the trie of a vocabulary. Pieces inside a word start with `prefix`; if it is `null`, they look like others.
 */
export const createPieceTrie = (
  vocabulary: ReadonlyMap<string, number>,
  prefix: string | null,
): PieceTrie => {
  let capacity = 1 << 12
  let parents = new Int32Array(capacity)
  let children = new Int32Array(capacity)
  let units = new Uint16Array(capacity)
  let ids = new Int32Array(capacity).fill(-1)
  let nodes = 2

  // Open addressing; a slot is free while its child is 0, for no edge leads to node 0.
  const slotOf = (node: number, unit: number): number => {
    const mask = capacity - 1
    let hash = Math.imul(node, 0x9e3779b1) ^ Math.imul(unit, 0x85ebca6b)
    hash ^= hash >>> 15
    let slot = hash & mask
    while (children[slot] !== 0 && (parents[slot] !== node || units[slot] !== unit)) slot = (slot + 1) & mask
    return slot
  }
  const put = (node: number, unit: number, child: number): void => {
    const slot = slotOf(node, unit)
    parents[slot] = node
    units[slot] = unit
    children[slot] = child
  }
  const grow = (): void => {
    const [oldParents, oldChildren, oldUnits] = [parents, children, units]
    capacity *= 2
    parents = new Int32Array(capacity)
    children = new Int32Array(capacity)
    units = new Uint16Array(capacity)
    for (let i = 0; i < oldChildren.length; i++) {
      if (oldChildren[i] !== 0) put(oldParents[i] as number, oldUnits[i] as number, oldChildren[i] as number)
    }
    const grown = new Int32Array(capacity).fill(-1)
    grown.set(ids)
    ids = grown
  }
  const insert = (root: number, piece: string, id: number): void => {
    if (piece === '') return
    let node = root
    for (let i = 0; i < piece.length; i++) {
      const unit = piece.charCodeAt(i)
      let child = children[slotOf(node, unit)] as number
      if (child === 0) {
        if (nodes * 2 > capacity) grow()
        child = nodes++
        put(node, unit, child)
      }
      node = child
    }
    ids[node] = id
  }
  for (const [piece, id] of vocabulary) {
    insert(0, piece, id)
    if (prefix !== null && piece.startsWith(prefix)) insert(1, piece.slice(prefix.length), id)
  }

  return {
    initial: 0,
    continuing: 1,
    step: (node, unit) => {
      const child = children[slotOf(node, unit)] as number
      return child === 0 ? -1 : child
    },
    idAt: (node) => ids[node] as number,
  }
}
