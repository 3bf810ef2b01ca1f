import { createRandom } from '@kic/core'
import type { HostTensors } from '@kic/safetensors'
import * as tf from '@tensorflow/tfjs'
import { afterAll, describe, expect, it } from 'vitest'
import type { AdamW, LossFunction } from '../contract.ts'
import { selectEngine } from '../select-engine.ts'

const engine = await selectEngine('compiled')
afterAll(() => engine.dispose())

const [ROWS, WIDTH] = [10, 4]
const optimizer: AdamW = { kind: 'adamw', weightDecay: 0.1, perParameter: () => ({ rows: 'touched' }) }
const random = createRandom('touched-rows')
const start = Array.from({ length: ROWS * WIDTH }, () => random.normal())
const place = (values: readonly number[] = start) =>
  engine.place({ table: { dtype: 'float32', shape: [ROWS, WIDTH], data: Float32Array.from(values) } })

/** Mean over rows of what is looked up, times a feed: the gradient of a row is the sum of its factors. */
const loss: LossFunction = ({ table }, { ids, factors }) => {
  if (!table || !ids || !factors) throw new Error('incomplete')
  return tf
    .gather(table, ids.cast('int32'))
    .mul(factors)
    .sum()
    .div(factors.shape[0] ?? 1)
    .asScalar()
}
const batchOf = (ids: readonly number[], factors: readonly number[]): HostTensors => ({
  ids: { dtype: 'int32', shape: [ids.length], data: Int32Array.from(ids) },
  factors: {
    dtype: 'float32',
    shape: [ids.length, WIDTH],
    data: Float32Array.from(factors.flatMap((factor) => new Array(WIDTH).fill(factor))),
  },
})

/** `torch.optim.SparseAdam` in double precision: moments and values of rows without a gradient stay as they are. */
const sparseAdam = (gradients: readonly ReadonlyMap<number, number>[], learningRate: number) => {
  const state = start.map((p) => ({ p, m: 0, v: 0 }))
  gradients.forEach((rows, i) => {
    const [c1, c2] = [1 - 0.9 ** (i + 1), 1 - 0.999 ** (i + 1)]
    for (const [row, g] of rows) {
      for (const element of state.slice(row * WIDTH, (row + 1) * WIDTH)) {
        element.m = 0.9 * element.m + 0.1 * g
        element.v = 0.999 * element.v + 0.001 * g * g
        element.p -= (learningRate * (element.m / c1)) / (Math.sqrt(element.v / c2) + 1e-8)
      }
    }
  })
  return state
}

describe("rows: 'touched'", () => {
  it('updates as SparseAdam, over micro-batches, without a decay', async () => {
    const params = place()
    const step = engine.trainStep({ params, loss, seed: 1, optimizer })
    const first = await step([batchOf([1, 3, 3, 9], [1, 2, 3, -4])], { learningRate: 0.1 })
    // A factor of 0 makes a row without a gradient.
    await step([batchOf([1, 2, 0, 0], [1, 1, 0, 0]), batchOf([1, 5, 5, 0], [2, 1, 1, 0])], {
      learningRate: 0.1,
    })
    await step([batchOf([3, 3, 7, 7], [1, 1, 1, 1])], { learningRate: 0.1 })
    const expected = sparseAdam(
      [
        new Map([
          [1, 1 / 4],
          [3, 5 / 4],
          [9, -4 / 4],
        ]),
        new Map([
          [1, 3 / 8],
          [2, 1 / 8],
          [5, 2 / 8],
        ]),
        new Map([
          [3, 2 / 4],
          [7, 2 / 4],
        ]),
      ],
      0.1,
    )
    expect(first.gradNorm).toBeCloseTo(Math.sqrt(WIDTH * (1 + 25 + 16)) / 4, 5)
    const { moments } = await step.state()
    const values = (await params.read()).table?.data
    expected.forEach(({ p, m, v }, i) => {
      expect(values?.[i]).toBeCloseTo(p, 5)
      expect(moments['table.m']?.data[i]).toBeCloseTo(m, 6)
      expect(moments['table.v']?.data[i]).toBeCloseTo(v, 6)
    })
    expect(Array.from(values?.slice(4 * WIDTH, 5 * WIDTH) ?? [])).toEqual(
      Array.from(Float32Array.from(start.slice(4 * WIDTH, 5 * WIDTH))),
    )
    step.dispose()
  })

  it('resumes from its state bit for bit', async () => {
    const batches = Array.from({ length: 6 }, () =>
      batchOf([random.int(ROWS), random.int(ROWS)], [random.normal(), random.normal()]),
    )
    const whole = place()
    const step = engine.trainStep({ params: whole, loss, seed: 1, optimizer })
    for (const batch of batches.slice(0, 3)) await step([batch], { learningRate: 0.1 })
    const [state, half] = [await step.state(), await whole.read()]
    const copied = Array.from(half.table?.data ?? [])
    for (const batch of batches.slice(3)) await step([batch], { learningRate: 0.1 })
    const resumed = place(copied)
    const again = engine.trainStep({ params: resumed, loss, seed: 1, optimizer })
    await again.restore(state)
    for (const batch of batches.slice(3)) await again([batch], { learningRate: 0.1 })
    expect((await resumed.read()).table?.data).toEqual((await whole.read()).table?.data)
    again.dispose()
    step.dispose()
  })

  it('refuses tables that are not only looked up, and rows off the vector width', async () => {
    const dense: LossFunction = (params, batch, ctx) => {
      const looked = loss(params, batch, ctx)
      if (!(looked instanceof tf.Tensor) || !params.table) throw new Error('incomplete')
      return looked.add(params.table.square().sum()).asScalar()
    }
    const step = engine.trainStep({ params: place(), loss: dense, seed: 1, optimizer })
    await expect(step([batchOf([1], [1])], { learningRate: 0.1 })).rejects.toMatchObject({
      code: 'engine/touched-rows',
    })
    step.dispose()
    const odd = engine.place({ table: { dtype: 'float32', shape: [4, 3], data: new Float32Array(12) } })
    expect(() => engine.trainStep({ params: odd, loss, seed: 1, optimizer })).toThrowError(
      expect.objectContaining({ code: 'engine/touched-rows' }),
    )
  })
})
