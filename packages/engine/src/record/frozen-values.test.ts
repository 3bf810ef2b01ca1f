import { isKicError } from '@kic/core'
import type { HostTensor } from '@kic/safetensors'
import * as tf from '@tensorflow/tfjs'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Engine, TensorFunction } from '../contract.ts'
import { exportOnnx } from '../export/export-onnx.ts'
import { selectEngine } from '../select-engine.ts'

const X: HostTensor = { dtype: 'float32', shape: [4], data: Float32Array.of(1, 2, 3, 4) }
const LINE = /frozen-values\.test\.ts:\d+/

let engine: Engine

beforeAll(async () => {
  engine = await selectEngine('compiled')
})
afterAll(() => {
  engine.dispose()
})

const failure = async (run: () => unknown): Promise<{ code: string; message: string }> => {
  try {
    await run()
  } catch (error) {
    if (isKicError(error)) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

let calls = 0
const state = { table: Float32Array.of(1, 2, 3, 4) }

/** Values that a recording would freeze, and the text of the error about each. */
const FROZEN: Readonly<Record<string, readonly [apply: (x: tf.Tensor) => tf.Tensor, named: string]>> = {
  'tf.dropout': [(x) => tf.dropout(x, 0.5), 'tf.dropout'],
  'tf.dropout with a seed': [(x) => tf.dropout(x, 0.5, undefined, 7), 'tf.dropout'],
  'tf.randomUniform': [(x) => x.add(tf.randomUniform([4])), 'tf.randomUniform'],
  'tf.randomUniform with a seed': [
    (x) => x.add(tf.randomUniform([4], 0, 1, 'float32', 3)),
    'tf.randomUniform',
  ],
  'tf.randomNormal': [(x) => x.add(tf.randomNormal([4])), 'tf.randomNormal'],
  'tf.truncatedNormal': [(x) => x.add(tf.truncatedNormal([4])), 'tf.truncatedNormal'],
  'tf.randomGamma': [(x) => x.add(tf.randomGamma([4], 1)), 'tf.randomGamma'],
  'tf.multinomial': [(x) => tf.multinomial(x.as1D(), 4).cast('float32'), 'tf.multinomial'],
  'tf.multinomial with a seed': [(x) => tf.multinomial(x.as1D(), 4, 5).cast('float32'), 'tf.multinomial'],
  'tf.layers.dropout': [
    (x) =>
      [tf.layers.dropout({ rate: 0.5 }).apply(x, { training: true })]
        .flat()
        .find((y) => y instanceof tf.Tensor) ?? x,
    'tf.dropout',
  ],
  'Math.random': [(x) => x.mul(Math.random()), 'Math.random'],
  'a branch on Math.random': [(x) => (Math.random() < 0.001 ? x.neg() : x), 'Math.random'],
  'the time': [(x) => x.mul(Date.now() % 1000), 'must do the same'],
  'the time in minutes': [(x) => x.mul(Math.floor(Date.now() / 60_000)), 'must do the same'],
  'a new Date': [(x) => x.mul(new Date().getMilliseconds()), 'must do the same'],
  'the hour of a new Date': [(x) => x.mul(new Date().getHours()), 'must do the same'],
  'Date called without new': [(x) => x.mul(Number(Date().slice(16, 18))), 'must do the same'],
  'whole minutes of performance.now': [
    (x) => x.mul(Math.floor(performance.now() / 60_000)),
    'must do the same',
  ],
  'crypto.getRandomValues': [
    (x) => x.mul((crypto.getRandomValues(new Uint8Array(1))[0] ?? 0) & 1),
    'crypto.getRandomValues',
  ],
  'crypto.randomUUID': [(x) => x.mul(Number.parseInt(crypto.randomUUID(), 16) & 1), 'crypto.randomUUID'],
  'a counter that moves at every other call': [(x) => x.add(calls++ >> 1), 'must do the same'],
  'a counter': [(x) => x.add(calls++), 'must do the same'],
  'a branch on a counter': [(x) => (calls++ % 2 === 0 ? x.neg() : x.exp()), 'must do the same'],
  'one operation more each time': [
    (x) => Array.from({ length: ++calls }).reduce<tf.Tensor>((y) => y.exp(), x),
    'must do the same',
  ],
  'a large array that changes': [
    (x) =>
      x.add(
        tf
          .tensor(
            Float32Array.from({ length: 400 }, () => calls++ / 7),
            [100, 4],
          )
          .sum(0),
      ),
    'must do the same',
  ],
  'an array of its own that it writes to': [
    (x) => {
      state.table[3] = (state.table[3] ?? 0) + 1
      return x.mul(tf.tensor1d(state.table))
    },
    'must do the same',
  ],
}

const functionOf =
  (apply: (x: tf.Tensor) => tf.Tensor): TensorFunction =>
  (_, { x }) => ({ y: apply(x ?? tf.zeros([4])) })

describe('refuses what a recording would freeze, with the line and a hint at ctx.dropout', () => {
  it.each(Object.entries(FROZEN))('%s', async (_, [apply, named]) => {
    const run = engine.compile(functionOf(apply))
    const { code, message } = await failure(() => run(engine.place({}), { x: X }))
    expect(code).toBe('engine/frozen-value')
    expect(message).toContain(named)
    expect(message).toContain('ctx.dropout')
    expect(message).toMatch(LINE)
  })

  it('in a training step', async () => {
    const step = engine.trainStep({
      params: engine.place({ w: { ...X, data: X.data.slice() } }),
      seed: 1,
      optimizer: { kind: 'adamw' },
      loss: ({ w }, { x }) =>
        tf
          .dropout((x ?? tf.zeros([4])).mul(w ?? 1), 0.5)
          .sum()
          .asScalar(),
    })
    const { code, message } = await failure(() => step([{ x: X }], { learningRate: 0.1 }))
    expect(code).toBe('engine/frozen-value')
    expect(message).toMatch(LINE)
    step.dispose()
  })

  it('in an export', async () => {
    const inputs = { x: { dtype: 'float32', shape: ['rows', 4] } } as const
    const { code } = await failure(() =>
      exportOnnx(
        functionOf((x) => x.add(calls++)),
        {},
        { inputs },
      ),
    )
    expect(code).toBe('engine/frozen-value')
  })
})

describe('records what stays the same', () => {
  const kept = Float32Array.from({ length: 100 }, (_, i) => i)
  const seeded = (): number => 0.25

  it.each<[string, (x: tf.Tensor) => tf.Tensor]>([
    ['a constant array', (x) => x.add(tf.tensor1d(kept).sum())],
    ['a pure function of the host', (x) => x.mul(seeded())],
    ['a time that only a log shows', (x) => [Date.now(), x.neg()].find((y) => y instanceof tf.Tensor) ?? x],
  ])('%s', async (_, apply) => {
    const run = engine.compile(functionOf(apply))
    expect((await run(engine.place({}), { x: X })).y?.shape).toEqual([4])
  })

  it('tensors of random numbers drawn outside', async () => {
    const before = Math.random
    const noise = tf.randomNormal([4])
    const run = engine.compile(functionOf((x) => x.add(noise)))
    const { y } = await run(engine.place({}), { x: X })
    const drawn = await noise.data()
    expect([...(y?.data ?? [])]).toEqual([...drawn].map((n, i) => Math.fround(n + i + 1)))
    expect(Math.random).toBe(before)
    noise.dispose()
  })

  it('a given time, and the type of a Date', async () => {
    const run = engine.compile(
      functionOf((x) =>
        x.mul(new Date() instanceof Date ? new Date(Date.UTC(2020, 0, 1)).getUTCFullYear() : 0),
      ),
    )
    expect((await run(engine.place({}), { x: X })).y?.data[0]).toBe(2020)
  })

  it('a function that reads a clock stopped by fake timers', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'performance'] })
    try {
      const run = engine.compile(functionOf((x) => x.neg()))
      expect((await run(engine.place({}), { x: X })).y?.data[0]).toBe(-1)
      const timed = engine.compile(functionOf((x) => x.mul(Date.now())))
      expect((await failure(() => timed(engine.place({}), { x: X }))).code).toBe('engine/frozen-value')
    } finally {
      vi.useRealTimers()
    }
  })

  it('restores clocks and random numbers of the host', async () => {
    const own = (): unknown => [
      Object.getOwnPropertyDescriptor(globalThis, 'Date'),
      Object.getOwnPropertyDescriptor(performance, 'now'),
      Object.getOwnPropertyDescriptor(crypto, 'getRandomValues'),
      Object.getOwnPropertyDescriptor(crypto, 'randomUUID'),
    ]
    const before = own()
    await failure(() => engine.compile(functionOf((x) => x.mul(Date.now())))(engine.place({}), { x: X }))
    expect(own()).toEqual(before)
    expect(crypto.getRandomValues(new Uint8Array(2))).toHaveLength(2)
  })

  it('restores Math.random after a failure', async () => {
    const { random } = Math
    await failure(() => engine.compile(functionOf((x) => x.mul(Math.random())))(engine.place({}), { x: X }))
    expect(Math.random).toBe(random)
    expect(Math.random()).toBeLessThan(1)
  })
})
