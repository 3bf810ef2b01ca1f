import { type Engine, selectEngine } from '@kic/engine'
import type { HostTensors } from '@kic/safetensors'
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
  const sizes: number[] = []
  /** Each step updates for 60 ms, and takes 3 ms for each row. */
  const step = async ([batch]: readonly HostTensors[]): Promise<void> => {
    const until = performance.now() + 60 + 3 * (batch?.labels?.shape[0] ?? Number.NaN)
    while (performance.now() < until);
  }
  const engine = {
    place: () => ({ dispose: () => {} }),
    trainStep: () => Object.assign(step, { dispose: () => {} }),
  } as unknown as Engine
  const { perExample } = await measureTrainingSpeed(engine, {
    params: { large: { dtype: 'float32', shape: [20_000_001], data: new Float32Array(20_000_001) } },
    loss: tinyLoss,
    batch: (rows) => {
      sizes.push(rows)
      return labelled(rows)
    },
    batchSize: 600,
  })
  expect(sizes).toEqual([2, 24])
  expect(perExample).toBeGreaterThan(0.0026)
  // 5.5 ms if the update counted once for 24 rows.
  expect(perExample).toBeLessThan(0.0045)
})

it('makes up tokens of the vocabulary, without padding', () => {
  const { input_ids: ids, attention_mask: mask } = madeUpTokens(10, 3, 50)
  expect(ids?.shape).toEqual([3, 50])
  expect(new Set(ids?.data)).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]))
  expect(mask?.data.every((one) => one === 1)).toBe(true)
})
