import { selectEngine } from '@kic/engine'
import * as tf from '@tensorflow/tfjs'
import { expect, it } from 'vitest'
import { tinyLoss, tinyParams } from '../__fixtures__/tiny-task.ts'
import { madeUpTokens } from './made-up-tokens.ts'
import { measureTrainingSpeed } from './measure-training-speed.ts'

const labelled = (rows: number) => ({
  ...madeUpTokens(30, rows, 6),
  labels: { dtype: 'int32' as const, shape: [rows], data: new Int32Array(rows) },
})

it('measures the time per example, counts compilation once for each shape, and frees everything', async () => {
  const engine = await selectEngine('cpu')
  const sizes: number[] = []
  const sample = {
    params: tinyParams(),
    loss: tinyLoss,
    batch: (rows: number) => {
      sizes.push(rows)
      return labelled(rows)
    },
    batchSize: 8,
  }
  const began = performance.now()
  const tensors = tf.memory().numTensors
  const { start, perExample } = await measureTrainingSpeed(engine, { ...sample, shapes: 3 })
  const seconds = (performance.now() - began) / 1000
  expect(tf.memory().numTensors).toBe(tensors)
  expect(perExample).toBeGreaterThan(0)
  // It times at least five steps of eight examples.
  expect(8 * 5 * perExample).toBeLessThan(seconds)
  expect(start).toBeGreaterThanOrEqual(0)
  expect(start).toBeLessThan(3 * seconds)
  expect(sizes).toEqual([8])
  engine.dispose()
})

it('measures large models on a few rows, and counts their update once per batch', async () => {
  const engine = await selectEngine('cpu')
  const sizes: number[] = []
  const { perExample } = await measureTrainingSpeed(engine, {
    params: {
      ...tinyParams(),
      unused: { dtype: 'float32', shape: [20_000_001], data: new Float32Array(20_000_001) },
    },
    loss: tinyLoss,
    batch: (rows) => {
      sizes.push(rows)
      return labelled(rows)
    },
    batchSize: 64_000,
  })
  expect(sizes).toEqual([2, 24])
  // The update of 20 million parameters takes milliseconds, a row of a tiny model far less than one.
  expect(perExample).toBeLessThan(5e-3)
  engine.dispose()
})

it('makes up tokens of the vocabulary, without padding', () => {
  const { input_ids: ids, attention_mask: mask } = madeUpTokens(10, 3, 50)
  expect(ids?.shape).toEqual([3, 50])
  expect(new Set(ids?.data)).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]))
  expect(mask?.data.every((one) => one === 1)).toBe(true)
})
