import type { Random } from './random.ts'

/** Draws indices in proportion to their weights. */
export interface WeightedChoice {
  /** Sum of the weights; if it is 0, nothing can be drawn. */
  readonly total: number
  draw(random: Random): number
}

/** A choice among `length` indices. Weights must be finite and at least 0; each draw takes log(length) steps. */
export const weightedChoice = (length: number, weight: (index: number) => number): WeightedChoice => {
  const sums = new Float64Array(length)
  let total = 0
  for (let index = 0; index < length; index++) {
    total += weight(index)
    sums[index] = total
  }
  return {
    total,
    draw: (random) => {
      const lot = random.next() * total
      let [low, high] = [0, length - 1]
      while (low < high) {
        const middle = (low + high) >> 1
        if ((sums[middle] ?? 0) > lot) high = middle
        else low = middle + 1
      }
      return low
    },
  }
}
