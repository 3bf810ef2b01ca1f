import type { PlannedBatch } from '@kic/trainer'
import { expect, it } from 'vitest'
import { tinyTexts, tinyTokenizer } from './__fixtures__/tiny-corpus.ts'
import { maskedBatch } from './masked-batch.ts'
import { maskingVocabulary } from './masking-vocabulary.ts'

const vocabulary = maskingVocabulary(tinyTokenizer)
const rows = tinyTexts(40, 1).map((text) => tinyTokenizer.encode(text))
const planned = (size: number, ...numbers: number[]): PlannedBatch => ({
  rows: Int32Array.from(numbers),
  size,
  length: 24,
})
const feedsOf = (batch: PlannedBatch, epoch: number | string, seed = 5) => {
  const {
    feeds,
    count,
    rows: numbers,
  } = maskedBatch(rows, batch, vocabulary, { seed, epoch }, { probability: 0.3 })
  const data = (name: string): number[] => [...(feeds[name]?.data ?? [])]
  return {
    ids: data('input_ids'),
    positions: data('masked_positions'),
    labels: data('masked_labels'),
    count,
    numbers,
  }
}
/** The masked tokens of a row, as position and label. */
const perRow = ({ positions, labels }: ReturnType<typeof feedsOf>, row: number): string[] =>
  positions.flatMap((position, i) =>
    labels[i] !== -100 && Math.floor(position / 24) === row ? [`${position % 24}:${labels[i]}`] : [],
  )

it('returns positions and labels of the masked tokens', () => {
  const batch = feedsOf(planned(4, 3, 17, 8, 30), 0)
  const tokens = batch.labels.filter((label) => label !== -100)
  expect(tokens.length).toBe(batch.count)
  expect(tokens.length).toBeGreaterThan(4)
  expect(batch.positions.length % 4).toBe(0)
  expect(batch.positions.length - tokens.length).toBeLessThan(4)
  const restored = [...batch.ids]
  for (const [i, position] of batch.positions.entries()) {
    const label = batch.labels[i] ?? -100
    if (label !== -100) restored[position] = label
  }
  for (const [i, row] of [3, 17, 8, 30].entries()) {
    const ids = rows[row] ?? new Int32Array()
    expect(restored.slice(24 * i, 24 * i + ids.length)).toEqual([...ids])
  }
})

it('masks a row by seed, epoch and row number alone', () => {
  const [here, there] = [feedsOf(planned(4, 3, 17, 8, 30), 2), feedsOf(planned(2, 30, 17), 2)]
  expect(perRow(here, 1)).toEqual(perRow(there, 1))
  expect(perRow(here, 3)).toEqual(perRow(there, 0))
  expect(feedsOf(planned(4, 3, 17, 8, 30), 2)).toEqual(here)
  expect(feedsOf(planned(4, 3, 17, 8, 30), 3).positions).not.toEqual(here.positions)
  expect(feedsOf(planned(4, 3, 17, 8, 30), 2, 6).positions).not.toEqual(here.positions)
})

it('does not count filler rows', () => {
  const [full, filled] = [feedsOf(planned(1, 17), 2), feedsOf(planned(4, 17), 2)]
  expect(filled.count).toBe(full.count)
  expect(Array.from(filled.numbers)).toEqual([17])
  for (const row of [1, 2, 3]) expect(perRow(filled, row)).toEqual([])
})

it('has places even if no token is chosen', () => {
  const { feeds, count } = maskedBatch(
    rows,
    planned(2, 3, 4),
    vocabulary,
    { seed: 1, epoch: 0 },
    { probability: 0 },
  )
  expect(count).toBe(0)
  expect([...(feeds.masked_labels?.data ?? [])]).toEqual([-100, -100])
})
