import { expect, it } from 'vitest'
import { tokenBatch, unpaddedRows } from './token-batch.ts'
import { tokenLengths } from './token-rows.ts'

const rows = { inputIds: [Int32Array.of(5, 6), Int32Array.of(7), Int32Array.of(8, 9, 10)], labels: [2, 0, 1] }
const planned = { rows: Int32Array.of(2, 1), size: 3, length: 4 }

it('pads rows, and fills the batch with a row that does not count', () => {
  const { feeds, rows: numbers } = tokenBatch(rows, planned, { padTokenId: 1 })
  expect(feeds.input_ids).toEqual({
    dtype: 'int32',
    shape: [3, 4],
    data: Int32Array.of(8, 9, 10, 1, 7, 1, 1, 1, 8, 9, 10, 1),
  })
  expect(feeds.attention_mask?.data).toEqual(Int32Array.of(1, 1, 1, 0, 1, 0, 0, 0, 1, 1, 1, 0))
  expect(feeds.labels).toEqual({ dtype: 'int32', shape: [3], data: Int32Array.of(1, 0, -100) })
  expect(feeds.token_type_ids).toBeUndefined()
  expect([...Array.from(numbers)]).toEqual([2, 1])
})

it('copies soft targets, and has zeros for rows without and for filler rows', () => {
  const probabilities = Float32Array.of(0.75, 0.25, 0.5, 0.5)
  const softTargets = { probabilities, classes: 2, rows: Int32Array.of(0, -1, 1) }
  const { feeds } = tokenBatch({ ...rows, softTargets }, planned, { padTokenId: 1 })
  expect(feeds.soft_targets).toEqual({
    dtype: 'float32',
    shape: [3, 2],
    data: Float32Array.of(0.5, 0.5, 0, 0, 0, 0),
  })
  expect(tokenBatch(rows, planned, { padTokenId: 1 }).feeds.soft_targets).toBeUndefined()
})

it('accepts ragged rows and token types', () => {
  const ragged = { values: Int32Array.of(5, 6, 7, 8, 9, 10), offsets: Int32Array.of(0, 2, 3, 6) }
  const types = [Int32Array.of(0, 1), Int32Array.of(0), Int32Array.of(0, 1, 1)]
  const plain = tokenBatch({ ...rows, tokenTypeIds: types }, planned, { padTokenId: 1 })
  expect(tokenBatch({ ...rows, inputIds: ragged, tokenTypeIds: types }, planned, { padTokenId: 1 })).toEqual(
    plain,
  )
  expect(plain.feeds.token_type_ids?.data).toEqual(Int32Array.of(0, 1, 1, 0, 0, 0, 0, 0, 0, 1, 1, 0))
  expect(tokenLengths({ inputIds: ragged })).toEqual(tokenLengths(rows))
})

it('cuts the padding off a matrix', () => {
  expect(unpaddedRows(Int32Array.of(5, 6, 1, 7, 1, 1), [2, 3], [2, 1])).toEqual([
    Int32Array.of(5, 6),
    Int32Array.of(7),
  ])
})

it('refuses rows that are missing or too long', () => {
  const code = (numbers: Int32Array, length: number) => () =>
    tokenBatch(rows, { rows: numbers, size: 1, length }, { padTokenId: 1 })
  expect(code(Int32Array.of(9), 4)).toThrow(/row 9 must exist/)
  expect(code(Int32Array.of(2), 2)).toThrow(/at most 2 tokens, received 3 tokens/)
})
