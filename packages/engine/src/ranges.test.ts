import type { HostTensor } from '@kic/safetensors'
import * as tf from '@tensorflow/tfjs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Engine, LossFunction, Tensors } from './contract.ts'
import { declareRange } from './declarations.ts'
import { selectEngine } from './select-engine.ts'

const RULE = { what: 'label', below: 3, except: -100, advice: 'Correct it.' }
const ints = (shape: number[], ...data: number[]): HostTensor => ({
  dtype: 'int32',
  shape,
  data: Int32Array.from(data),
})
const floats = (shape: number[], ...data: number[]): HostTensor => ({
  dtype: 'float32',
  shape,
  data: Float32Array.from(data),
})
const taken = (tensors: Tensors, name: string): tf.Tensor => {
  const tensor = tensors[name]
  if (tensor === undefined) throw new Error(`no ${name}`)
  return tensor
}
/** Ways in which a function obtains the tensor whose range it declares. */
const ways: Record<string, (y: tf.Tensor) => tf.Tensor> = {
  'a feed': (y) => y,
  'a feed in another shape': (y) => y.reshape([-1, 1]).expandDims(0).squeeze([0]),
  'a feed in another type': (y) => y.cast('int32'),
  'a computed tensor': (y) => y.cast('int32').sub(tf.scalar(1, 'int32')).add(tf.scalar(1, 'int32')),
}

describe.each(['compiled', 'wasm', 'cpu'] as const)(
  'values outside a declared range on the %s engine',
  (name) => {
    let engine: Engine
    beforeAll(async () => {
      engine = await selectEngine(name)
    })
    afterAll(() => engine.dispose())

    it.each(Object.keys(ways))(
      'are refused with row and value before anything is updated: %s',
      async (way) => {
        const loss: LossFunction = (params, batch) => {
          const labels = ways[way]?.(taken(batch, 'y')) ?? taken(batch, 'y')
          tf.tidy(() => declareRange(labels, RULE))
          return taken(params, 'w').mul(labels.cast('float32').sum()).sum().asScalar()
        }
        const params = engine.place({ w: floats([2], 1, 2) })
        const step = engine.trainStep({ params, loss, seed: 1, optimizer: { kind: 'adamw' } })
        const settings = { learningRate: 0.1, rowName: (row: number, batch: number) => `${batch}/${row}` }
        const before = await params.read()
        const first = Float32Array.from(before.w?.data ?? [])
        for (const bad of [-1, 3, 400]) {
          const run = step([{ y: ints([3], 0, 1, 2) }, { y: ints([3], -100, bad, 2) }], settings)
          await expect(run).rejects.toMatchObject({
            code: 'engine/out-of-range',
            message: expect.stringMatching(
              new RegExp(`label in row 1/1 of .* 0 to 2, or -100 .*, received ${bad}.*Correct it`),
            ),
          })
          expect((await params.read()).w?.data).toEqual(first)
        }
        expect((await step.state()).step).toBe(0)
        // Without row names, numbers give the row and its micro-batch.
        await expect(
          step([{ y: ints([2], 0, 1) }, { y: ints([2], 2, 9) }], { learningRate: 0.1 }),
        ).rejects.toThrow(/^trainStep: the label in row 1 of micro-batch 1 of /)
        await expect(step([{ y: ints([2], 0, 9) }], { learningRate: 0.1 })).rejects.toThrow(
          /^trainStep: the label in row 1 of ("y"|"a )/,
        )
        const { loss: value, outputs } = await step([{ y: ints([3], 0, 1, 2) }], settings)
        expect(value).toBeCloseTo(9)
        expect(Object.keys(outputs[0] ?? {})).toEqual(['loss'])
        step.dispose()
        params.dispose()
      },
    )

    it('are refused in an inference function with their position in the row', async () => {
      const run = engine.compile((_, feeds) => {
        const x = taken(feeds, 'x')
        declareRange(x, { what: 'id', below: 10, advice: 'See the tokenizer.' })
        return { y: x.mul(tf.scalar(2, 'int32')) }
      })
      const params = engine.place({})
      const before = tf.memory().numTensors
      expect([...((await run(params, { x: ints([2, 2], 0, 9, 5, 5) })).y?.data ?? [])]).toEqual([
        0, 18, 10, 10,
      ])
      await expect(
        run(params, { x: ints([2, 2], 0, 9, 5, 10) }, { caller: 'predict', rowName: (row) => `id-${row}` }),
      ).rejects.toThrow(
        'predict: the id in row id-1 of "x" must be a whole number from 0 to 9, received 10 at position 1. See the tokenizer.',
      )
      expect(tf.memory().numTensors).toBe(before)
    })

    it('include numbers that are not integers', async () => {
      const run = engine.compile((_, feeds) => {
        declareRange(taken(feeds, 'y'), RULE)
        return { y: taken(feeds, 'y').add(1) }
      })
      for (const bad of [0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
        await expect(run(engine.place({}), { y: floats([2], 1, bad) })).rejects.toThrow(
          new RegExp(`the label in row 1 of "y" must be a whole number .*, received ${bad}`),
        )
      }
      expect([...((await run(engine.place({}), { y: floats([2], 1, -100) })).y?.data ?? [])]).toEqual([
        2, -99,
      ])
    })
  },
)

it('cuts fractions off indices of a gather, on the compiled engine as on cpu', async () => {
  for (const name of ['compiled', 'cpu'] as const) {
    const engine = await selectEngine(name)
    const run = engine.compile(({ table }, { ids }) => {
      if (table === undefined || ids === undefined) throw new Error('incomplete')
      return { rows: tf.gather(table, ids.cast('int32')) }
    })
    const params = engine.place({ table: floats([3, 1], 1, 2, 3) })
    expect([...((await run(params, { ids: floats([3], 0.5, 1.9, 2) })).rows?.data ?? [])]).toEqual([1, 2, 3])
    engine.dispose()
  }
})

it('refuses indices that a gather would count from the end, on the compiled engine as on cpu', async () => {
  for (const name of ['compiled', 'cpu'] as const) {
    const engine = await selectEngine(name)
    const run = engine.compile(({ table }, { ids }) => {
      if (table === undefined || ids === undefined) throw new Error('incomplete')
      return { rows: tf.gather(table, ids.reshape([4])) }
    })
    const params = engine.place({ table: floats([3, 1], 1, 2, 3) })
    expect([...((await run(params, { ids: ints([2, 2], 0, 1, 2, 0) })).rows?.data ?? [])]).toEqual([
      1, 2, 3, 1,
    ])
    for (const bad of [-1, 3])
      await expect(run(params, { ids: ints([2, 2], 0, 1, bad, 0) })).rejects.toThrow(`${bad}`)
    engine.dispose()
  }
})
