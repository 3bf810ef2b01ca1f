import type { Tensor } from '../../tensor.ts'
import * as tf from '@tensorflow/tfjs'
import { RECORDER } from '../recording-backend.ts'
import { type Draw, type KernelCase, NO_GRADIENT, type Variant } from './kernel-case.ts'

const FLAGS = [false, true]

/** [m, k] and [k, n] after leading axes, in all four transpositions. */
const products = (draw: Draw, left: number[], right: number[], by?: number[]): Variant[] =>
  FLAGS.flatMap((transA) =>
    FLAGS.map((transB): Variant => {
      const [m, k, n] = [2 + draw.random.int(4), 1 + draw.random.int(5), 1 + draw.random.int(4)]
      return {
        inputs: [
          draw.floats([...left, ...(transA ? [k, m] : [m, k])]),
          draw.floats([...right, ...(transB ? [n, k] : [k, n])]),
        ],
        apply: (a, b) => tf.matMul(a, b, transA, transB),
        by,
      }
    }),
  )

const ACTIVATIONS = ['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu'] as const

/** Matrix products. */
export const matmulCases: readonly KernelCase[] = [
  {
    name: 'BatchMatMul',
    kernels: ['BatchMatMul'],
    variants: (draw) => [
      ...products(draw, [], []),
      ...products(draw, [3], [3]),
      ...products(draw, [2, 3], [2, 3]),
      // TensorFlow.js does not sum gradients over broadcast batches.
      ...products(draw, [3], [], []),
      ...products(draw, [], [3], []),
      ...products(draw, [3], [1], []),
      ...products(draw, [2, 3], [2, 1], []).map((variant) => ({
        ...variant,
        // The cpu backend pairs batches wrongly if both operands have several.
        apply: (a: Tensor, b: Tensor) =>
          variant.apply(a, tf.getBackend() === RECORDER ? b : tf.tile(b, [1, 3, 1, 1])),
      })),
      ...FLAGS.map((flag) => ({
        inputs: [draw.ints([2, 3, 3], -4, 5), draw.ints([2, 3, 3], -4, 5)],
        apply: (a: Tensor, b: Tensor) => tf.matMul(a, b, flag, !flag),
      })),
      { inputs: [draw.floats([3, 4]), draw.floats([4])], apply: (a, b) => tf.dot(a, b) },
      { inputs: [draw.floats([3]), draw.floats([2])], apply: (a, b) => tf.outerProduct(a.as1D(), b.as1D()) },
    ],
  },
  {
    name: 'products with factors, biases and reshapes around them',
    kernels: ['BatchMatMul', 'Add', 'RealDiv'],
    variants: (draw) => [
      { inputs: [draw.floats([3, 4]), draw.floats([4, 2])], apply: (a, b) => tf.matMul(a, b).div(3).mul(2) },
      {
        inputs: [draw.floats([3, 4]), draw.floats([4, 2]), draw.floats([2])],
        apply: (a, b, c) => tf.matMul(a, b).add(c),
      },
      {
        inputs: [draw.floats([3, 4]), draw.floats([2, 4]), draw.floats([2])],
        apply: (a, b, c) => c.add(tf.matMul(a, b, false, true)),
      },
      {
        inputs: [draw.floats([2, 3, 4]), draw.floats([4, 2])],
        apply: (a, b) =>
          tf
            .matMul(a.reshape([6, 4]), b)
            .reshape([2, 3, 2])
            .mul(0.5),
      },
      // A row that is not a bias, and a product that is read twice.
      {
        inputs: [draw.floats([3, 4]), draw.floats([4, 2]), draw.floats([3, 1])],
        apply: (a, b, c) => tf.matMul(a, b).add(c),
      },
      {
        inputs: [draw.floats([3, 4]), draw.floats([4, 2]), draw.floats([2])],
        apply: (a, b, c) => {
          const product = tf.matMul(a, b)
          return [product.add(c), product.mul(2)]
        },
      },
    ],
  },
  {
    name: '_FusedMatMul',
    kernels: ['_FusedMatMul'],
    variants: (draw) => [
      ...products(draw, [], []).map(({ inputs }, i) => ({
        inputs: [...inputs, draw.floats([i < 2 ? 1 : (inputs[1]?.shape[i % 2 === 0 ? 1 : 0] ?? 1)])],
        apply: (a: Tensor, b: Tensor, bias: Tensor) =>
          tf.fused.matMul({ a, b, bias, transposeA: i > 1, transposeB: i % 2 === 1 }),
      })),
      ...ACTIVATIONS.map((activation) => ({
        inputs: [draw.floats([2, 3]), draw.floats([3, 4]), draw.floats([4])],
        apply: (a: Tensor, b: Tensor, bias: Tensor) =>
          tf.fused.matMul({ a, b, bias, activation, leakyreluAlpha: 0.3 }),
      })),
      {
        inputs: [draw.floats([2, 3, 4]), draw.floats([2, 4, 1])],
        apply: (a, b) => tf.fused.matMul({ a, b }),
      },
      {
        inputs: [draw.floats([3, 2]), draw.floats([2, 4]), draw.floats([4], 0.1, 0.4)],
        apply: (a, b, slopes) =>
          tf.fused.matMul({ a, b, activation: 'prelu', preluActivationWeights: slopes }),
      },
    ],
  },
  {
    name: '_FusedMatMul without a gradient, where activations are part of the kernel',
    kernels: ['_FusedMatMul'],
    valueOnly: 'TensorFlow.js fuses activations only where no gradient is asked for',
    variants: (draw) => [
      ...ACTIVATIONS.map((activation) => ({
        inputs: [draw.floats([3, 2], -3, 3), draw.floats([2, 4], -3, 3), draw.floats([4])],
        apply: (a: Tensor, b: Tensor, bias: Tensor) =>
          tf.fused.matMul({ a, b, bias, activation, leakyreluAlpha: 0.3 }),
      })),
      {
        inputs: [draw.floats([2, 3, 2]), draw.floats([2, 2, 4]), draw.floats([1, 4], 0.1, 0.4)],
        apply: (a, b, slopes) =>
          tf.fused.matMul({ a, b, activation: 'prelu', preluActivationWeights: slopes }),
      },
    ],
  },
  {
    name: 'Einsum',
    kernels: ['Einsum'],
    valueOnly: NO_GRADIENT,
    variants: (draw) =>
      (
        [
          ['ij,jk->ik', [2, 3], [3, 4]],
          ['bij, bkj -> bik', [2, 3, 4], [2, 5, 4]],
          ['bshd,btd->bhst', [2, 3, 4, 5], [2, 6, 5]],
          ['i,i->', [4], [4]],
          ['i,j->ji', [2], [3]],
          ['ij->ji', [2, 3]],
          ['ijk->j', [2, 3, 4]],
        ] as const
      ).map(([equation, ...shapes]) => ({
        inputs: shapes.map((shape) => draw.floats(shape)),
        apply: (...x: Tensor[]) => tf.einsum(equation, ...x),
      })),
  },
]
