import { type Engine, selectEngine } from '@kic/engine'
import { crossEntropy } from '@kic/losses'
import { embedding, linear, parameter } from '@kic/nn'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { predict } from '../predict.ts'
import { train } from '../train.ts'
import type { TrainOptions } from '../train-options.ts'
import { tokenBatch } from './token-batch.ts'
import { tokenBatches } from './token-batches.ts'
import type { TokenRows } from './token-rows.ts'

const ids = (...rows: number[][]) => rows.map((row) => Int32Array.from(row))
const good = { inputIds: ids([5, 6], [7], [8, 9, 10]), labels: [2, 0, 1] }
const targets = { probabilities: Float32Array.of(1, 0, 0.5, 0.5), classes: 2, rows: Int32Array.of(0, -1, 1) }
/** Input of a caller without types. */
const untyped = (rows: unknown): TokenRows => rows as TokenRows

describe('rows that do not match', () => {
  const bad: Record<string, [rows: TokenRows, message: string]> = {
    'fewer labels': [
      { ...good, labels: [2, 0] },
      'labels must have one entry per row, received 2 for 3 rows',
    ],
    'more labels': [
      { ...good, labels: [2, 0, 1, 1] },
      'labels must have one entry per row, received 4 for 3 rows',
    ],
    'a fractional label': [
      { ...good, labels: [2, 0.5, 1] },
      'the label of row 1 must be a whole number, received 0.5',
    ],
    'a label that is NaN': [
      { ...good, labels: [2, 0, Number.NaN] },
      'the label of row 2 must be a whole number, received NaN',
    ],
    'a hole among the labels': [
      untyped({ ...good, labels: [2, undefined, 1] }),
      'the label of row 1 must be a whole number, received undefined',
    ],
    'labels as text': [
      untyped({ ...good, labels: ['2', '0', '1'] }),
      'the label of row 0 must be a whole number, received 2',
    ],
    'fewer soft targets': [
      { ...good, softTargets: { probabilities: Float32Array.of(1, 0), classes: 2, rows: Int32Array.of(0) } },
      'softTargets.rows must have one entry per row, received 1 for 3 rows',
    ],
    'soft targets beyond the last': [
      { ...good, softTargets: { ...targets, rows: Int32Array.of(0, -1, 2) } },
      'row 2 must have 2 probabilities as soft targets, received [] at 2',
    ],
    'soft targets that are no probabilities': [
      { ...good, softTargets: { ...targets, probabilities: Float32Array.of(0.5, 0.5, 3, -2) } },
      'row 2 must have 2 probabilities as soft targets, received [3,-2] at 1',
    ],
    'fewer rows of token types': [
      { ...good, tokenTypeIds: ids([0, 0], [0]) },
      'tokenTypeIds must have one row per row of inputIds, received 2 for 3 rows',
    ],
    'fewer token types': [
      { ...good, tokenTypeIds: ids([0, 0], [0], [0, 0]) },
      'row 2 must have one token type per token, received 2 for 3 tokens',
    ],
    'fractional ids': [
      untyped({ ...good, inputIds: [[5], [6, 0.5], [7]] }),
      'row 1 must have whole numbers as ids, received 0.5 at position 1',
    ],
  }

  it.each(Object.keys(bad))('are refused before any computation: %s', async (name) => {
    const [rows, message] = bad[name] ?? [good, '']
    const batches = () => tokenBatches(rows, { batchSize: 2, seed: 1, padTokenId: 1 })
    expect(batches).toThrow(message)
    expect(batches).toThrowError(expect.objectContaining({ code: 'trainer/rows' }))
    const planned = { rows: Int32Array.of(0, 1, 2), size: 3, length: 4 }
    expect(() => tokenBatch(rows, planned, { padTokenId: 1 })).toThrow(message)
    const engine = await selectEngine('cpu')
    const forward: Parameters<typeof predict>[0]['forward'] = (_, feeds) => parameter(feeds, 'input_ids')
    const run = predict({ engine, params: engine.place({}), forward, rows, padTokenId: 1 })
    await expect(run).rejects.toThrow(message)
    engine.dispose()
  })

  it('are accepted if they match', () => {
    expect(
      tokenBatches({ ...good, softTargets: targets }, { batchSize: 2, seed: 1, padTokenId: 1 }).epoch(0)
        .length,
    ).toBe(2)
    const ragged = { values: Int32Array.of(5, 6, 7, 8, 9, 10), offsets: Int32Array.of(0, 2, 3, 6) }
    const rows = { ...good, inputIds: ragged, tokenTypeIds: ragged, labels: Int32Array.of(2, -100, 1) }
    expect(tokenBatches(rows, { batchSize: 2, seed: 1, padTokenId: 1 }).epoch(0).length).toBe(2)
  })
})

describe.each(['compiled', 'cpu'] as const)('values out of a model’s range, on the %s engine', (name) => {
  let engine: Engine
  beforeAll(async () => {
    engine = await selectEngine(name)
  })
  afterAll(() => engine.dispose())

  const host = (shape: number[]) => {
    const size = shape.reduce((a, b) => a * b, 1)
    return {
      dtype: 'float32' as const,
      shape,
      data: Float32Array.from({ length: size }, (_, i) => Math.sin(i)),
    }
  }
  const params = { table: host([20, 4]), out: host([3, 4]) }
  const logits: Parameters<typeof predict>[0]['forward'] = (p, feeds) =>
    linear(embedding(parameter(p, 'table'), parameter(feeds, 'input_ids')).sum(1), parameter(p, 'out'))
  const trained = (rows: TokenRows, more: Partial<TrainOptions> = {}) =>
    train({
      engine,
      params,
      loss: (p, batch, ctx) => crossEntropy(logits(p, batch, ctx), parameter(batch, 'labels')),
      batches: tokenBatches(rows, { batchSize: 2, seed: 1, padTokenId: 1 }),
      optimizer: { kind: 'adamw' },
      learningRate: 0.1,
      epochs: 1,
      seed: 1,
      rowName: (row) => `answer ${row + 1}`,
      ...more,
    })

  it('are refused with the caller’s row name', async () => {
    for (const label of [-1, 3]) {
      await expect(trained({ ...good, labels: [2, 0, label] })).rejects.toMatchObject({
        code: 'engine/out-of-range',
        message: expect.stringMatching(
          new RegExp(`label in row answer 3 of "labels" must be .*, received ${label}\\.`),
        ),
      })
    }
    for (const id of [-1, 20]) {
      const rows = { ...good, inputIds: ids([5, 6], [7, id], [8, 9, 10]) }
      await expect(trained(rows, { accumulation: 2 })).rejects.toThrow(
        `the id in row answer 2 of "input_ids" must be a whole number from 0 to 19, received ${id} at position 1.`,
      )
      const predicted = predict({
        engine,
        params: engine.place(params),
        forward: logits,
        rows,
        padTokenId: 1,
      })
      await expect(predicted).rejects.toThrow(
        `predict: the id in row 1 of "input_ids" must be a whole number from 0 to 19, received ${id} at position 1`,
      )
    }
    expect((await trained({ ...good, labels: [2, -100, 1] })).steps).toBe(2)
  })

  it('leave the loss of an epoch equal to that of all rows in one batch', async () => {
    const rows = {
      inputIds: ids([5], [6], [7], [8], [9], [10], [11]),
      labels: [0, -100, 1, 2, -100, -100, 0],
    }
    const lossOf = async (batchSize: number, accumulation: number) => {
      const batches = tokenBatches(rows, { batchSize, seed: 1, padTokenId: 1 })
      const { epochs } = await trained(rows, { batches, accumulation, learningRate: 1e-12 })
      return epochs[0]?.loss ?? Number.NaN
    }
    const whole = await lossOf(7, 1)
    for (const [size, accumulation] of [
      [2, 1],
      [2, 2],
      [3, 1],
      [1, 3],
    ] as const) {
      expect(await lossOf(size, accumulation)).toBeCloseTo(whole, 5)
    }
  })
})
