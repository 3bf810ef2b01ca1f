import { expect, it } from 'vitest'
import { createRandom } from './random.ts'
import { weightedChoice } from './weighted-choice.ts'

it('draws in proportion to the weights, and never what weighs nothing', () => {
  const weights = [0, 3, 0, 1, 6, 0]
  const choice = weightedChoice(weights.length, (index) => weights[index] ?? 0)
  expect(choice.total).toBe(10)
  const random = createRandom(1)
  const counts = new Array<number>(weights.length).fill(0)
  const draws = 20_000
  for (let i = 0; i < draws; i++) {
    const index = choice.draw(random)
    counts[index] = (counts[index] ?? 0) + 1
  }
  for (const [index, weight] of weights.entries()) {
    const share = weight / 10
    const margin = 5 * Math.sqrt((share * (1 - share)) / draws)
    expect(Math.abs((counts[index] ?? 0) / draws - share)).toBeLessThanOrEqual(margin)
  }
})
