import { defined } from '@kic/core'
import { type Context, inferenceContext, selectEngine, type Tensor } from '@kic/engine'
import { initialize, parameter } from '@kic/nn'
import { gradientError } from '@kic/nn/testing'
import * as tf from '@tensorflow/tfjs'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { sequenceClassifier } from '../sequence-classifier.ts'
import { standardHead } from '../standard-head.ts'
import {
  adapted,
  batch,
  config,
  everywhere,
  fresh,
  moved,
  onBackend,
  plain,
} from './__fixtures__/tiny-lora.ts'
import { adapterOutput } from './adapter-output.ts'
import { LORA_MODULES, LORA_TARGETS, lora } from './lora.ts'
import { isAdapter, loraParameters } from './lora-parameters.ts'
import { mergeLora } from './merge-lora.ts'

beforeAll(() => tf.setBackend('cpu'))

const logitsOf = (model: typeof plain, params: typeof fresh): Float32Array =>
  tf.tidy(() => model.logits(onBackend(params), onBackend(batch), inferenceContext).dataSync<'float32'>())
const largestDifference = (a: Float32Array, b: Float32Array): number =>
  a.reduce((most, x, i) => Math.max(most, Math.abs(x - (b[i] ?? Number.NaN))), 0)

describe('lora', () => {
  it('adapts query and value with twice the rank as alpha, unless told otherwise', () => {
    expect(lora({ rank: 8 })).toEqual({ rank: 8, alpha: 16, targets: ['query', 'value'], dropout: 0 })
    expect(lora({ rank: 2, alpha: 1, targets: ['value', 'key', 'value'], dropout: 0.1 })).toEqual({
      rank: 2,
      alpha: 1,
      targets: ['key', 'value'],
      dropout: 0.1,
    })
  })

  it.each([
    { rank: 0 },
    { rank: 1.5 },
    { rank: 4, alpha: 0 },
    { rank: 4, alpha: Number.POSITIVE_INFINITY },
    { rank: 4, dropout: 1 },
    { rank: 4, targets: [] },
    { rank: 4, targets: ['pooler' as 'query'] },
  ])('refuses %o', (options) => {
    expect(() => lora(options)).toThrow(expect.objectContaining({ code: 'roberta/lora' }))
  })

  it('refuses a rank above the hidden size, and an encoder without layers', () => {
    const refused = expect.objectContaining({ code: 'roberta/lora' })
    expect(() => loraParameters(lora({ rank: 9 }), config)).toThrow(refused)
    expect(() => loraParameters(lora({ rank: 2 }), { ...config, num_hidden_layers: 0 })).toThrow(refused)
  })
})

describe('an adapted classifier', () => {
  it('starts as the model without adapters, bit for bit', () => {
    expect(logitsOf(adapted, fresh)).toEqual(logitsOf(plain, initialize(plain.parameters, 3)))
  })

  it('adds alpha / rank · x · (B · A)ᵀ, as in equation 3 of the paper', () => {
    const module = 'm'
    const { dropout, ...rest } = lora({ rank: 2, alpha: 3 })
    const params = onBackend({
      'm.lora_A.weight': { dtype: 'float32', shape: [2, 3], data: Float32Array.of(1, 0, 2, -1, 1, 0) },
      'm.lora_B.weight': { dtype: 'float32', shape: [2, 2], data: Float32Array.of(1, 2, 0, -4) },
    })
    const x = tf.tensor2d([[1, 2, 3]])
    // A · x = (7, 1); B · (7, 1) = (9, -4); times 3 / 2.
    const output = adapterOutput(params, x, module, { ...rest, dropout }, inferenceContext)
    expect(Array.from(output.dataSync())).toEqual([13.5, -6])
    const seen: number[] = []
    const ctx: Context = {
      training: true,
      dropout: (input, rate) => {
        seen.push(rate)
        return input.mul([2, 0, 2])
      },
    }
    // Only the adapter's input is dropped: A · (2, 0, 6) = (14, -2); B · that = (10, 8).
    const dropped = adapterOutput(params, x, module, { ...rest, dropout: 0.5 }, ctx)
    expect(Array.from(dropped.dataSync())).toEqual([15, 12])
    expect(seen).toEqual([0.5])
  })

  it('has gradients that equal finite differences, of every adapter and of the head', () => {
    const params = onBackend(moved)
    const feeds = onBackend(batch)
    const names = Object.keys(moved).filter((name) => adapted.frozen?.(name) === false)
    expect(names).toHaveLength(2 * 2 * LORA_TARGETS.length + 4)
    const fn = (...values: Tensor[]): Tensor =>
      adapted.logits(
        { ...params, ...Object.fromEntries(values.map((value, i) => [defined(names[i]), value])) },
        feeds,
        inferenceContext,
      )
    const inputs = names.map((name) => parameter(params, name))
    expect(gradientError(fn, inputs, { entries: 3 })).toBeLessThan(2e-3)
  })

  it.each(['cpu', 'compiled'] as const)(
    'trains adapters and head alone on %s, with moments for them alone',
    async (name) => {
      const engine = await selectEngine(name)
      const placed = engine.place(
        Object.fromEntries(Object.entries(moved).map(([key, t]) => [key, { ...t, data: t.data.slice() }])),
      )
      const step = engine.trainStep({
        params: placed,
        loss: (params, { labels, ...feeds }, ctx) =>
          tf.losses.softmaxCrossEntropy(tf.oneHot(defined(labels), 5), adapted.logits(params, feeds, ctx)),
        trainable: (key) => adapted.frozen?.(key) === false,
        optimizer: { kind: 'adamw' },
        seed: 1,
      })
      const losses: number[] = []
      for (let i = 0; i < 20; i++) losses.push((await step([batch], { learningRate: 0.03 })).loss)
      expect(defined(losses.at(-1))).toBeLessThan(defined(losses[0]) / 2)
      const { moments } = await step.state()
      const trained = Object.keys(moved).filter((key) => isAdapter(key) || key.startsWith('classifier.'))
      expect(Object.keys(moments).sort()).toEqual(trained.flatMap((key) => [`${key}.m`, `${key}.v`]).sort())
      const after = await placed.read()
      for (const [key, { data }] of Object.entries(moved)) {
        if (trained.includes(key)) expect(after[key]?.data).not.toEqual(data)
        else expect(after[key]?.data).toEqual(data)
      }
      step.dispose()
      placed.dispose()
      engine.dispose()
    },
  )
})

describe('mergeLora', () => {
  it('gives the logits of the adapted model, for any targets, rank and alpha', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 8 }),
        fc.double({ min: 0.1, max: 20, noNaN: true }),
        fc.subarray([...LORA_TARGETS], { minLength: 1 }),
        fc.nat(1000),
        (rank, alpha, targets, seed) => {
          const low = lora({ rank, alpha, targets })
          const model = sequenceClassifier(config, standardHead, { lora: low })
          // B is fresh at zero: the A of another seed has its size.
          const params = Object.fromEntries(
            Object.entries(initialize(model.parameters, seed)).map(([name, tensor]) => [
              name,
              name.endsWith('lora_B.weight')
                ? { ...tensor, data: tensor.data.map((_, i) => Math.sin(i + seed) / 9) }
                : tensor,
            ]),
          )
          const merged = mergeLora(params, low)
          expect(Object.keys(merged)).toEqual(plain.parameters.map(({ name }) => name))
          const logits = logitsOf(model, params)
          expect(largestDifference(logitsOf(plain, merged), logits)).toBeLessThan(1e-5)
          const { classifier: _, ...untouched } = { classifier: 0, ...initialize(plain.parameters, seed) }
          expect(largestDifference(logitsOf(plain, untouched), logits)).toBeGreaterThan(1e-4)
        },
      ),
      { numRuns: 20 },
    )
  })

  it('leaves the given tensors as they are, and shares those without adapters', () => {
    const before = Object.fromEntries(Object.entries(moved).map(([name, { data }]) => [name, data.slice()]))
    const merged = mergeLora(moved, everywhere)
    for (const [name, data] of Object.entries(before)) expect(moved[name]?.data).toEqual(data)
    const norm = 'roberta.encoder.layer.0.output.LayerNorm.weight'
    expect(merged[norm]).toBe(moved[norm])
    expect(mergeLora(merged, everywhere)).toEqual(merged)
  })

  it.each(['weight', 'lora_A.weight', 'lora_B.weight'])('refuses an adapter without its %s', (part) => {
    const module = `roberta.encoder.layer.1.${LORA_MODULES.value}`
    const { [`${module}.${part}`]: _, ...rest } = moved
    expect(() => mergeLora(rest, everywhere)).toThrow(expect.objectContaining({ code: 'roberta/adapter' }))
  })

  it('refuses the adapter of another rank', () => {
    expect(() => mergeLora(moved, lora({ rank: 2 }))).toThrow(
      expect.objectContaining({ code: 'roberta/adapter' }),
    )
  })
})
