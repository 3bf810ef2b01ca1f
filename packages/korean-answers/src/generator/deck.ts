import type { Random } from '@kic/core'

/**
 * Draws the items in random order, all of them before any comes again, so that few draws show many items; a new order
 * each time round.
 */
export const createDeck = <T>(items: readonly [T, ...T[]], random: Random): (() => T) => {
  let order: readonly T[] = []
  let at = 0
  return () => {
    if (at === order.length) {
      order = random.shuffle(items)
      at = 0
    }
    return order[at++] ?? items[0]
  }
}
