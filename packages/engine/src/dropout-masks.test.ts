import { createRandom } from '@kic/core'
import type { HostTensor } from '@kic/safetensors'
import * as tf from '@tensorflow/tfjs'
import { afterAll, describe, expect, it } from 'vitest'
import type { Engine, LossFunction, OptimizerState } from './contract.ts'
import { DropoutMasks, type MaskSite } from './dropout-masks.ts'
import { selectEngine } from './select-engine.ts'

const RATE = 0.1
const SIZE = 32 * 24 * 256

/** Pearson's correlation of two masks of the same rate. */
const correlation = (a: Float32Array, b: Float32Array): number => {
  const kept = 1 / (1 - RATE)
  let both = 0
  for (let i = 0; i < a.length; i++) both += ((a[i] ?? 0) - 1) * ((b[i] ?? 0) - 1)
  return both / a.length / (kept - 1)
}

const sites: readonly MaskSite[] = Array.from({ length: 60 }, (_, i) => ({
  step: i % 10,
  microBatch: i % 2,
  site: Math.floor(i / 10),
}))

describe('dropout masks', () => {
  it('drop at the given rate and keep the mean', () => {
    const masks = new DropoutMasks(3)
    for (const site of sites) {
      const mask = masks.mask(RATE, SIZE, site)
      const dropped = mask.reduce((count, x) => count + (x === 0 ? 1 : 0), 0) / SIZE
      // Five standard deviations of a binomial share.
      expect(Math.abs(dropped - RATE)).toBeLessThan(5 * Math.sqrt((RATE * (1 - RATE)) / SIZE))
      expect(new Set(mask)).toEqual(new Set([0, Math.fround(1 / (1 - RATE))]))
    }
  })

  it('are uncorrelated between sites, steps and micro-batches', () => {
    const masks = new DropoutMasks(3)
    const drawn = sites.map((site) => masks.mask(RATE, SIZE, site))
    // For independent masks these are standard normal, one number per pair.
    const scores = drawn.flatMap((a, i) => drawn.slice(i + 1).map((b) => correlation(a, b) * Math.sqrt(SIZE)))
    expect(scores).toHaveLength(1770)
    const mean = scores.reduce((sum, z) => sum + z, 0) / scores.length
    const variance = scores.reduce((sum, z) => sum + (z - mean) ** 2, 0) / scores.length
    expect(Math.abs(mean)).toBeLessThan(0.12)
    expect(variance).toBeGreaterThan(0.85)
    expect(variance).toBeLessThan(1.15)
    expect(Math.max(...scores.map(Math.abs))).toBeLessThan(5)
  })

  it('have no pattern among neighbours, along rows and down columns', () => {
    const mask = new DropoutMasks(3).mask(RATE, SIZE, { step: 0, microBatch: 0, site: 0 })
    for (const lag of [1, 2, 16, 24, 64, 256, 256 * 24]) {
      const n = SIZE - lag
      expect(Math.abs(correlation(mask.subarray(0, n), mask.subarray(lag))) * Math.sqrt(n)).toBeLessThan(4.5)
    }
  })

  it('differ between seeds', () => {
    const site = { step: 5, microBatch: 0, site: 2 }
    const [a, b] = [new DropoutMasks(1), new DropoutMasks(2)].map((masks) => masks.mask(RATE, SIZE, site))
    expect(a).toEqual(new DropoutMasks(1).mask(RATE, SIZE, site))
    expect(
      Math.abs(correlation(a ?? new Float32Array(), b ?? new Float32Array())) * Math.sqrt(SIZE),
    ).toBeLessThan(5)
  })
})

const engines: Engine[] = []
afterAll(() => {
  for (const engine of engines) engine.dispose()
})

/** A table, some of whose rows no batch looks up, and a layer, with dropout; steps alternate between one and two micro-batches. */
const run = async (
  name: 'compiled' | 'cpu',
  steps: readonly number[],
  from?: { params: HostTensor[]; state: OptimizerState },
) => {
  const engine = await selectEngine(name)
  engines.push(engine)
  const random = createRandom('resume')
  const floats = (...shape: number[]): HostTensor => ({
    dtype: 'float32',
    shape,
    data: Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => random.normal()),
  })
  const fresh = [floats(12, 8), floats(8, 3)]
  const rows = (): HostTensor => ({
    dtype: 'int32',
    shape: [6],
    data: Int32Array.from({ length: 6 }, () => random.int(9)),
  })
  const batches = Array.from({ length: 12 }, rows)
  const [w1, w2] = from?.params ?? fresh
  if (w1 === undefined || w2 === undefined) throw new Error('incomplete')
  const params = engine.place({ w1: { ...w1, data: w1.data.slice() }, w2: { ...w2, data: w2.data.slice() } })
  const loss: LossFunction = (p, batch, ctx) => {
    if (!p.w1 || !p.w2 || !batch.x) throw new Error('incomplete')
    const hidden = ctx.dropout(tf.gather(p.w1, batch.x.cast('int32')), 0.3).tanh()
    return ctx.dropout(tf.matMul(hidden, p.w2), 0.1).square().mean().asScalar()
  }
  const step = engine.trainStep({ params, loss, seed: 9, optimizer: { kind: 'adamw', maxGradNorm: 0.1 } })
  if (from !== undefined) await step.restore(from.state)
  const losses: number[] = []
  for (const i of steps) {
    const x = batches.slice(2 * i, 2 * i + 1 + (i % 2))
    const result = await step(
      x.map((ids) => ({ x: ids })),
      { learningRate: 0.01 },
    )
    losses.push(result.loss)
  }
  const read = await params.read()
  return {
    losses,
    params: [read.w1, read.w2].flatMap((t) => (t === undefined ? [] : [{ ...t, data: t.data.slice() }])),
    state: await step.state(),
  }
}

describe('training with dropout', () => {
  it.each(['compiled', 'cpu'] as const)(
    'resumes on %s with the same bits as an uninterrupted run',
    async (name) => {
      const whole = await run(name, [0, 1, 2, 3, 4, 5])
      const half = await run(name, [0, 1, 2])
      const resumed = await run(name, [3, 4, 5], half)
      expect([...half.losses, ...resumed.losses]).toEqual(whole.losses)
      expect(resumed.params).toEqual(whole.params)
      expect(resumed.state).toEqual(whole.state)
      expect(new Set(whole.losses).size).toBe(6)
    },
  )
})
