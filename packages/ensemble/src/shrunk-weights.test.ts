import { inMemory, type Probabilities } from '@kic/scores'
import { expect, it } from 'vitest'
import { drawnLabels, drawnMember } from './__fixtures__/drawn-members.ts'
import { selectMembers } from './select-members.ts'
import { shrunkWeights } from './shrunk-weights.ts'

const CLASSES = 6
const SIGNALS = [2, 1.5, 0]

/** Members of some rows, the last of which knows nothing. */
const drawn = (rows: number) => {
  const labels = drawnLabels(rows, CLASSES, 'shrunk')
  return { labels, members: SIGNALS.map((signal, k) => drawnMember(labels, CLASSES, signal, k)) }
}
const greedy = async (members: readonly Probabilities[], labels: Int32Array) =>
  (await selectMembers(inMemory(members), labels, { metric: 'log-loss' })).weights
const eachAlone = (labels: Int32Array) => ({ groups: labels.map((_, row) => row), seed: 1 })
/** How many times the weight of the second member the first one has. */
const spread = ([first = 0, second = 0]: readonly number[]): number => first / second

it('moves weights of few rows towards equal ones of the members selected', async () => {
  const { labels, members } = drawn(100)
  const before = await greedy(members, labels)
  const after = await shrunkWeights(members, labels, eachAlone(labels))
  expect(spread(before)).toBeGreaterThan(1.2)
  expect(spread(after)).toBeLessThan(spread(before))
  expect(spread(after)).toBeGreaterThanOrEqual(1)
  expect(after.map((weight) => weight > 0)).toEqual(before.map((weight) => weight > 0))
  const sum = (weights: readonly number[]): number => weights.reduce((a, b) => a + b, 0)
  expect(sum(after)).toBeCloseTo(sum(before), 10)
})

it('keeps greedy weights that many rows confirm', async () => {
  const { labels, members } = drawn(4000)
  expect(await shrunkWeights(members, labels, eachAlone(labels))).toEqual(await greedy(members, labels))
})

it('takes rows of one group as one piece of evidence', async () => {
  const few = drawn(100)
  const labels = Int32Array.from({ length: 4000 }, (_, row) => few.labels[row % 100] ?? 0)
  const members = few.members.map(({ classes, data }) => ({
    rows: 4000,
    classes,
    data: Float32Array.from({ length: 4000 * classes }, (_, i) => data[i % data.length] ?? 0),
  }))
  const groups = labels.map((_, row) => row % 100)
  const grouped = await shrunkWeights(members, labels, { groups, seed: 1 })
  const each = await shrunkWeights(members, labels, eachAlone(labels))
  expect(each).toEqual(await greedy(members, labels))
  expect(spread(grouped)).toBeLessThan(spread(each))
})

it('does not count rows without a label, and leaves one group to greedy weights', async () => {
  const { labels, members } = drawn(100)
  const half = labels.map((label, row) => (row % 2 === 0 ? label : -1))
  const known = members.map(({ classes, data }) => ({
    rows: 50,
    classes,
    data: data.filter((_, i) => Math.floor(i / classes) % 2 === 0),
  }))
  const groups = Int32Array.from({ length: 100 }, (_, row) => Math.floor(row / 2))
  expect(await shrunkWeights(members, half, { groups, seed: 1 })).toEqual(
    await shrunkWeights(
      known,
      labels.filter((_, row) => row % 2 === 0),
      { groups: groups.slice(0, 50).map((_, i) => i), seed: 1 },
    ),
  )
  const one = await shrunkWeights(members, labels, { groups: new Int32Array(100), seed: 1 })
  expect(one).toEqual(await greedy(members, labels))
})
