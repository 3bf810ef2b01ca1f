import { createRandom } from '@kic/core'
import type { HostTensor, HostTensors } from '@kic/safetensors'
import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { inferenceContext } from './context.ts'
import { registerMatMulGradient } from './matmul-gradient.ts'
import { selectEngine } from './select-engine.ts'
import { valueAndGradients } from './value-and-gradients.ts'

const random = createRandom('matmul-gradient')
const floats = (...shape: number[]): HostTensor => ({
  dtype: 'float32',
  shape,
  data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal()),
})

type Shapes = readonly [a: number[], b: number[], transA?: boolean, transB?: boolean]

/** Products of broadcast leading axes; those with several on both sides the cpu backend itself gets wrong. */
const CASES: readonly Shapes[] = [
  [
    [2, 3, 4],
    [4, 5],
  ],
  [[2, 3, 4], [5, 4], false, true],
  [[2, 4, 3], [4, 5], true, false],
  [[2, 4, 3], [5, 4], true, true],
  [
    [3, 4],
    [2, 4, 5],
  ],
  [
    [2, 3, 4],
    [1, 4, 5],
  ],
  [
    [1, 3, 4],
    [2, 4, 5],
  ],
  [
    [2, 2, 3, 4],
    [4, 5],
  ],
  // Without broadcast axes, as before.
  [
    [3, 4],
    [4, 5],
  ],
  [
    [2, 3, 4],
    [2, 4, 5],
  ],
]

/** Σ weights · (a × b) and its gradients. */
const gradientsOf = async (
  name: 'compiled' | 'cpu',
  [a, b, transA = false, transB = false]: Shapes,
  given: HostTensors,
) => {
  const engine = await selectEngine(name)
  const run = engine.compile((_, feeds) =>
    valueAndGradients(
      ({ a: left, b: right }) => {
        const product = tf.matMul(left ?? tf.zeros(a), right ?? tf.zeros(b), transA, transB)
        const weights = Float32Array.from({ length: product.size }, (_x, i) => Math.sin(i))
        return product.mul(tf.tensor(weights, product.shape)).sum().asScalar()
      },
      feeds,
      {},
      inferenceContext,
      ['a', 'b'],
    ),
  )
  const result = await run(engine.place({}), given)
  engine.dispose()
  return result
}

describe('gradients of products', () => {
  it.each(CASES.map((shapes) => ({ shapes, named: JSON.stringify(shapes) })))(
    '$named are those by finite differences, on both engines',
    async ({ shapes }) => {
      const given = { a: floats(...shapes[0]), b: floats(...shapes[1]) }
      const compiled = await gradientsOf('compiled', shapes, given)
      const cpu = await gradientsOf('cpu', shapes, given)
      for (const name of ['a', 'b'] as const) {
        const gradient = compiled[`grad.${name}`]
        expect(gradient?.shape).toEqual(given[name].shape)
        expect(cpu[`grad.${name}`]?.shape).toEqual(given[name].shape)
        for (const i of [0, given[name].data.length - 1]) {
          const lossAt = async (change: number): Promise<number> => {
            const data = Float32Array.from(given[name].data)
            data[i] = (data[i] ?? 0) + change
            const { loss } = await gradientsOf('cpu', shapes, { ...given, [name]: { ...given[name], data } })
            return loss?.data[0] ?? Number.NaN
          }
          // The loss is linear in each element.
          const slope = (await lossAt(0.5)) - (await lossAt(-0.5))
          expect(gradient?.data[i]).toBeCloseTo(slope, 4)
          expect(cpu[`grad.${name}`]?.data[i]).toBeCloseTo(slope, 4)
        }
      }
    },
  )

  it.each(['compiled', 'cpu'] as const)(
    'say what to call for fused ones with broadcast axes, on %s',
    async (name) => {
      const engine = await selectEngine(name)
      const run = engine.compile((_, feeds) =>
        valueAndGradients(
          ({ a, b }) => ({
            loss: tf.fused
              .matMul({ a: a ?? 0, b: b ?? 0 })
              .sum()
              .asScalar(),
          }),
          feeds,
          {},
          inferenceContext,
          ['a', 'b'],
        ),
      )
      await expect(run(engine.place({}), { a: floats(2, 3, 4), b: floats(4, 5) })).rejects.toThrow(
        /Call tf\.matMul/,
      )
      engine.dispose()
    },
  )

  it('are registered once, however often it is asked for', () => {
    registerMatMulGradient()
    const first = tf.getGradient('BatchMatMul')
    registerMatMulGradient()
    expect(tf.getGradient('BatchMatMul')).toBe(first)
  })
})
