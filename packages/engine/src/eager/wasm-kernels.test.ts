import { createRandom } from '@kic/core'
import * as tf from '@tensorflow/tfjs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { selectEngine } from '../select-engine.ts'

const random = createRandom('wasm-kernels')
const drawn = (...shape: number[]): Float32Array =>
  Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal())

type Sizes = [number, number]

const WINDOWS: readonly (readonly [
  input: Sizes,
  filter: Sizes,
  stride: number,
  pad: 'valid' | 'same' | number,
])[] = [
  [[5, 4], [3, 2], 1, 'valid'],
  [[5, 4], [3, 2], 1, 'same'],
  [[6, 7], [3, 3], 2, 'same'],
  [[7, 8], [2, 3], 3, 'valid'],
  [[5, 5], [3, 3], 2, 1],
  [[4, 4], [1, 1], 2, 'valid'],
  [[1, 9], [1, 4], 1, 'same'],
]

/** Gradients of a weighted sum of the result of `apply` with respect to both operands, on a backend. */
const gradients = (
  backend: string,
  operands: readonly { data: Float32Array; shape: Shape }[],
  apply: (x: tf.Tensor4D, f: tf.Tensor4D) => tf.Tensor,
): number[][] => {
  void tf.setBackend(backend)
  return tf.tidy(() => {
    const [x, f] = operands.map(({ data, shape }) => tf.tensor4d(data.slice(), shape))
    if (x === undefined || f === undefined) throw new Error('incomplete')
    const loss = tf.grads((a: tf.Tensor, b: tf.Tensor) => {
      const y = apply(a.as4D(...four(a)), b.as4D(...four(b)))
      return y.mul(tf.cos(tf.range(0, y.size)).reshape(y.shape)).sum()
    })
    return loss([x, f]).map((g) => Array.from(g.dataSync()))
  })
}

type Shape = [number, number, number, number]
const four = ({ shape: [a = 1, b = 1, c = 1, d = 1] }: tf.Tensor): Shape => [a, b, c, d]

const furthest = (a: readonly number[], b: readonly number[]): number =>
  a.length === b.length ? Math.max(...a.map((x, i) => Math.abs(x - (b[i] ?? Number.NaN)))) : Number.NaN

beforeAll(async () => {
  await selectEngine('wasm')
  await selectEngine('cpu')
})
afterAll(() => tf.setBackend('cpu'))

describe('gradients that the wasm backend lacks equal those of the cpu backend', () => {
  it.each(WINDOWS)('convolution of %j by %j, stride %d, padding %s', (input, filter, stride, pad) => {
    const operands = (last: number): { data: Float32Array; shape: Shape }[] => [
      { shape: [2, ...input, 3], data: drawn(2, ...input, 3) },
      { shape: [...filter, 3, last], data: drawn(...filter, 3, last) },
    ]
    const compared = (last: number, apply: Parameters<typeof gradients>[2]): void => {
      const given = operands(last)
      const [wasm, cpu] = [gradients('wasm', given, apply), gradients('cpu', given, apply)]
      wasm.forEach((gradient, i) => {
        expect(furthest(gradient, cpu[i] ?? [])).toBeLessThan(2e-5)
      })
    }
    compared(4, (x, f) => tf.conv2d(x, f, stride, pad))
    compared(1, (x, f) => tf.depthwiseConv2d(x, f, stride, pad))
    compared(2, (x, f) => tf.depthwiseConv2d(x, f, stride, pad))
  })
})

it('keeps table and indices of a gather unchanged, and leaks no tensor', () => {
  void tf.setBackend('wasm')
  const [table, ids] = [tf.tensor2d([1, 2, 3, 4, 5, 6], [3, 2]), tf.tensor1d([2, 0, 2], 'int32')]
  const { numTensors, numDataBuffers } = tf.memory()
  for (let i = 0; i < 3; i++) {
    const gradient = tf.tidy(() => {
      const by = tf.grad((x: tf.Tensor) => tf.gather(x, ids).square().sum())
      return Array.from(by(table).dataSync())
    })
    expect(gradient).toEqual([2, 4, 0, 0, 20, 24])
  }
  expect(Array.from(ids.dataSync())).toEqual([2, 0, 2])
  expect(Array.from(table.dataSync())).toEqual([1, 2, 3, 4, 5, 6])
  expect(tf.memory()).toMatchObject({ numTensors, numDataBuffers })
  tf.dispose([table, ids])
})
