import type { HostTensor } from '@kic/safetensors'
import * as tf from '@tensorflow/tfjs'
import { afterAll, describe, expect, it } from 'vitest'
import type { Engine } from '../contract.ts'
import { selectEngine } from '../select-engine.ts'
import { profileOf } from './profile.ts'

const floats = (...shape: number[]): HostTensor => ({
  dtype: 'float32',
  shape,
  data: Float32Array.from({ length: tf.util.sizeFromShape(shape) }, (_, i) => Math.sin(i)),
})

const engines: Engine[] = []
afterAll(() => {
  for (const engine of engines) engine.dispose()
})

describe('profileOf', () => {
  it('sums calls per round by operator and by shapes, longest first', () => {
    const span = (name: string, shapes: string, ms: number) => ({ name, shapes, ms })
    const spans = [span('Add', '[2]', 1), span('Mul', '[2]', 2), span('Mul', '[3]', 3), span('Mul', '[2]', 2)]
    expect(profileOf(spans, 2)).toEqual({
      ms: 4,
      operators: [
        { name: 'Mul', calls: 1.5, ms: 3.5, share: 0.875 },
        { name: 'Add', calls: 0.5, ms: 0.5, share: 0.125 },
      ],
      shapes: [
        { name: 'Mul [2]', calls: 1, ms: 2, share: 0.5 },
        { name: 'Mul [3]', calls: 0.5, ms: 1.5, share: 0.375 },
        { name: 'Add [2]', calls: 0.5, ms: 0.5, share: 0.125 },
      ],
    })
  })
})

describe('engine.profile', () => {
  it('lists operators, host work and shapes of a compiled training step', async () => {
    const engine = await selectEngine('compiled')
    engines.push(engine)
    const step = engine.trainStep({
      params: engine.place({ w: floats(128, 64) }),
      loss: ({ w }, { x }, ctx) => {
        if (!w || !x) throw new Error('incomplete')
        return ctx.dropout(tf.matMul(x, w), 0.5).tanh().mean().asScalar()
      },
      optimizer: { kind: 'adamw' },
      seed: 1,
    })
    const batch = { x: floats(32, 128) }
    let calls = 0
    const { operators, shapes, ms } = await engine.profile(
      () => {
        calls++
        return step([batch], { learningRate: 0 })
      },
      { rounds: 4 },
    )
    expect(calls).toBe(5)
    const entry = (name: string) => operators.find((o) => o.name === name)
    expect(entry('Tanh')?.calls).toBe(1)
    expect(entry('(AdamW)')?.calls).toBe(1)
    expect(shapes.find(({ name }) => name === 'MatMul [32,128] [128,64] → [32,64]')?.calls).toBe(1)
    expect(operators.reduce((sum, o) => sum + o.share, 0)).toBeCloseTo(1)
    expect(operators.reduce((sum, o) => sum + o.ms, 0)).toBeCloseTo(ms)
    // Runs without the profiler again.
    expect(Number.isFinite((await step([batch], { learningRate: 0 })).loss)).toBe(true)
  })

  it('lists the kernels of eager work', async () => {
    const engine = await selectEngine('cpu')
    engines.push(engine)
    const fn = engine.compile((_, { x }) => ({ y: tf.matMul(x ?? tf.scalar(0), x ?? tf.scalar(0)).exp() }))
    const params = engine.place({})
    const { operators } = await engine.profile(() => fn(params, { x: floats(8, 8) }), { rounds: 2 })
    expect(operators.map(({ name, calls }) => `${name} ${calls}`)).toEqual(
      expect.arrayContaining(['BatchMatMul 1', 'Exp 1']),
    )
  })

  it('refuses to nest, and passes on an error of the work', async () => {
    const engine = await selectEngine('compiled')
    engines.push(engine)
    await expect(engine.profile(() => engine.profile(async () => undefined))).rejects.toMatchObject({
      code: 'engine/nested-profile',
    })
    await expect(engine.profile(() => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect((await engine.profile(async () => undefined)).operators).toEqual([])
  })
})
