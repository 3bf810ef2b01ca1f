import type { Tensor } from '../../tensor.ts'
import * as tf from '@tensorflow/tfjs'
import { fusedKernel } from '../../fused-kernel.ts'
import { floatsOf, INTEGER_VALUED, intsOf, type KernelCase, NO_GRADIENT } from './kernel-case.ts'

const gathers: readonly KernelCase[] = [
  {
    name: 'GatherV2',
    kernels: ['GatherV2', 'UnsortedSegmentSum'],
    variants: (draw) => [
      { inputs: [draw.floats([5, 3]), draw.ints([4], 0, 5)], apply: (x, i) => tf.gather(x, i) },
      { inputs: [draw.floats([5, 3]), draw.ints([2, 3], 0, 3)], apply: (x, i) => tf.gather(x, i, 1) },
      { inputs: [draw.floats([2, 4, 3]), draw.ints([5], 0, 3)], apply: (x, i) => tf.gather(x, i, -1) },
      { inputs: [draw.floats([4]), intsOf([5], 1, 1, 1, 0, 3)], apply: (x, i) => tf.gather(x, i) },
      { inputs: [draw.floats([4, 2]), draw.ints([], 0, 4)], apply: (x, i) => tf.gather(x, i) },
      { inputs: [draw.ints([5, 2], 0, 9), draw.ints([3], 0, 5)], apply: (x, i) => tf.gather(x, i) },
      { inputs: [draw.bools([5, 2]), draw.ints([3], 0, 5)], apply: (x, i) => tf.gather(x, i) },
      // A gather with indices per batch element; TensorFlow.js differentiates it if axis and batch are 1.
      { inputs: [draw.floats([2, 5, 3]), draw.ints([2, 4], 0, 5)], apply: (x, i) => tf.gather(x, i, 1, 1) },
      {
        inputs: [draw.floats([2, 3, 5]), draw.ints([2, 4], 0, 5)],
        apply: (x, i) => tf.gather(x, i, 2, 1),
        by: [],
      },
      {
        inputs: [draw.floats([2, 3, 5, 2]), draw.ints([2, 3, 4], 0, 5)],
        apply: (x, i) => tf.gather(x, i, 2, 2),
        by: [],
      },
    ],
  },
  {
    name: 'GatherNd',
    kernels: ['GatherNd'],
    valueOnly: NO_GRADIENT,
    variants: (draw) => [
      { inputs: [draw.floats([3, 4]), draw.ints([5, 2], 0, 3)], apply: (x, i) => tf.gatherND(x, i) },
      { inputs: [draw.floats([3, 4, 2]), draw.ints([2, 2, 1], 0, 3)], apply: (x, i) => tf.gatherND(x, i) },
      { inputs: [draw.ints([3, 4], 0, 9), draw.ints([2], 0, 3)], apply: (x, i) => tf.gatherND(x, i) },
    ],
  },
  {
    name: 'OneHot',
    kernels: ['OneHot'],
    valueOnly: INTEGER_VALUED,
    variants: (draw) => [
      // Indices below 0 or from the depth on give no one.
      { inputs: [intsOf([5], 0, 3, -1, 4, 100)], apply: (i) => tf.oneHot(i, 4) },
      { inputs: [draw.ints([2, 3], 0, 5)], apply: (i) => tf.oneHot(i, 5, 2, -1) },
      { inputs: [draw.ints([3], 0, 2)], apply: (i) => tf.oneHot(i, 2, 1, 0, 'int32') },
      { inputs: [draw.ints([], 0, 2)], apply: (i) => tf.oneHot(i, 3).mul(1.5) },
    ],
  },
]

const scatters: readonly KernelCase[] = [
  {
    name: 'ScatterNd',
    kernels: ['ScatterNd'],
    valueOnly: NO_GRADIENT,
    variants: (draw) => [
      // Rows that occur twice are added.
      {
        inputs: [intsOf([4, 1], 1, 0, 1, 1), draw.floats([4, 3])],
        apply: (i, u) => tf.scatterND(i, u, [5, 3]),
      },
      { inputs: [draw.ints([6, 2], 0, 3), draw.floats([6])], apply: (i, u) => tf.scatterND(i, u, [3, 4]) },
      {
        inputs: [draw.ints([2, 3, 2], 0, 2), draw.floats([2, 3, 4])],
        apply: (i, u) => tf.scatterND(i, u, [2, 3, 4]),
      },
      { inputs: [draw.ints([4, 1], 0, 3), draw.ints([4], 0, 9)], apply: (i, u) => tf.scatterND(i, u, [3]) },
      { inputs: [draw.ints([3], 0, 4), draw.floats([3, 2])], apply: (i, u) => tf.scatterND(i, u, [4, 2]) },
    ],
  },
  {
    name: 'TensorScatterUpdate',
    kernels: ['TensorScatterUpdate'],
    valueOnly: NO_GRADIENT,
    variants: (draw) => [
      {
        // The last of several updates of one row wins. The copy protects the operand, to which the cpu backend writes.
        inputs: [draw.floats([4, 2]), intsOf([3, 1], 2, 0, 2), draw.floats([3, 2])],
        apply: (x, i, u) => tf.tensorScatterUpdate(x.add(1), i, u),
      },
      {
        inputs: [draw.ints([2, 3], 0, 9), intsOf([2, 2], 0, 1, 1, 2), draw.ints([2], 10, 20)],
        apply: (x, i, u) => tf.tensorScatterUpdate(x.add(tf.scalar(1, 'int32')), i, u),
      },
    ],
  },
  {
    name: 'SparseToDense',
    kernels: ['SparseToDense'],
    valueOnly: NO_GRADIENT,
    variants: (draw) => [
      {
        inputs: [intsOf([3, 2], 0, 1, 1, 0, 2, 2), draw.floats([3])],
        apply: (i, v) => tf.sparseToDense(i, v, [3, 4], tf.scalar(-1)),
      },
      {
        inputs: [intsOf([3], 0, 2, 4), draw.floats([3])],
        apply: (i, v) => tf.sparseToDense(i, v, [5], tf.scalar(0)),
      },
      {
        inputs: [intsOf([2], 1, 3), draw.ints([], 1, 9)],
        apply: (i, v) => tf.sparseToDense(i, v, [5], tf.scalar(2, 'int32')),
      },
    ],
  },
  {
    name: 'UnsortedSegmentSum',
    kernels: ['UnsortedSegmentSum'],
    variants: (draw) => [
      {
        inputs: [draw.floats([6, 3]), intsOf([6], 2, 0, 2, 1, 0, 0)],
        apply: (x, i) => tf.unsortedSegmentSum(x, i as tf.Tensor1D, 4),
      },
      {
        inputs: [draw.floats([5]), draw.ints([5], 0, 3)],
        apply: (x, i) => tf.unsortedSegmentSum(x, i as tf.Tensor1D, 3),
      },
      {
        // Rows of no segment are left out. Their gradient reads rows that do not exist, so it is not compared.
        inputs: [draw.floats([4, 2]), intsOf([4], -1, 0, 3, 1)],
        apply: (x, i) => tf.unsortedSegmentSum(x, i as tf.Tensor1D, 3),
        by: [],
      },
      {
        // The numbers have been checked against a smaller table.
        inputs: [draw.floats([2, 3]), draw.floats([4, 3]), draw.ints([4], 0, 2)],
        apply: (table, x, i) => tf.gather(table, i).add(tf.unsortedSegmentSum(x, i as tf.Tensor1D, 4)),
      },
    ],
  },
  {
    name: 'Bincount and DenseBincount',
    kernels: ['Bincount', 'DenseBincount'],
    valueOnly: NO_GRADIENT,
    variants: (draw) => {
      const none = (): tf.Tensor1D => tf.tensor1d([])
      return [
        {
          inputs: [draw.ints([9], 0, 6), draw.floats([9])],
          apply: (x, w) => tf.bincount(x as tf.Tensor1D, w as tf.Tensor1D, 4),
        },
        { inputs: [draw.ints([9], 0, 6)], apply: (x) => tf.bincount(x as tf.Tensor1D, none(), 5) },
        {
          inputs: [draw.ints([7], 0, 4), draw.ints([7], 0, 9)],
          apply: (x, w) => tf.denseBincount(x as tf.Tensor1D, w as tf.Tensor1D, 4),
        },
        {
          inputs: [draw.ints([3, 5], 0, 6), draw.floats([3, 5])],
          apply: (x, w) => tf.denseBincount(x as tf.Tensor2D, w as tf.Tensor2D, 4),
        },
        {
          inputs: [draw.ints([2, 5], 0, 4)],
          apply: (x) => tf.denseBincount(x as tf.Tensor2D, tf.tensor2d([], [0, 0]), 4, true),
        },
      ]
    },
  },
]

/** ONNX's LSTM step by step, row by row, for rows of length 3 and 2: [S, B, I] → [S, D, B, H]. */
const lstmStates = (inputs: readonly Tensor[]): Tensor => {
  const [x, weights, recurrent, biases] = inputs
  if (!x || !weights || !recurrent || !biases) throw new Error('four inputs')
  const [directions = 0, , H = 0] = recurrent.shape
  const row = (b: number, d: number): Tensor => {
    const length = b === 0 ? 3 : 2
    const states: Tensor[] = Array.from({ length: 3 }, () => tf.zeros([H]))
    let [h, c]: [Tensor, Tensor] = [tf.zeros([H]), tf.zeros([H])]
    for (let step = 0; step < length; step++) {
      const position = d === 0 ? step : length - 1 - step
      const input = x.slice([position, b, 0], [1, 1, -1]).reshape([-1, 1])
      const product = (w: Tensor, v: Tensor): Tensor =>
        tf.matMul(w.slice([d], [1]).reshape([4 * H, -1]), v.reshape([-1, 1])).reshape([-1])
      const bias = biases.slice([d], [1]).reshape([2, 4 * H]).sum(0)
      const [i, o, f, g] = tf.split(product(weights, input).add(product(recurrent, h)).add(bias), 4)
      if (!i || !o || !f || !g) throw new Error('four gates')
      c = f.sigmoid().mul(c).add(i.sigmoid().mul(g.tanh()))
      h = o.sigmoid().mul(c.tanh())
      states[position] = h
    }
    return tf.stack(states) // [S, H]
  }
  const rows = [0, 1].map((b) => tf.stack(Array.from({ length: directions }, (_, d) => row(b, d)))) // [D, S, H]
  return tf.stack(rows).transpose([2, 1, 0, 3])
}

/** Kernels that only ONNX Runtime has, and the composition that replaces them elsewhere. */
const fused: readonly KernelCase[] = [
  {
    name: 'Gelu',
    kernels: ['Gelu'],
    valueOnly: 'the kernel is called inside of custom gradients',
    variants: (draw) =>
      [[5], [2, 3, 4]].map((shape) => ({
        inputs: [draw.floats(shape, -4, 4)],
        apply: (x: Tensor) =>
          fusedKernel('Gelu', [x])?.[0] ?? x.mul(x.mul(Math.SQRT1_2).erf().add(1).mul(0.5)),
      })),
  },
  {
    name: 'LayerNormalization',
    kernels: ['LayerNormalization'],
    valueOnly: 'the kernel is called inside of custom gradients',
    variants: (draw) =>
      [
        [3, 5],
        [2, 3, 4],
      ].map((shape) => ({
        inputs: [draw.floats(shape), draw.floats(shape.slice(-1)), draw.floats(shape.slice(-1))],
        apply: (x: Tensor, weight: Tensor, bias: Tensor) => {
          const made = fusedKernel('LayerNormalization', [x, weight, bias], { epsilon: 1e-3 })
          if (made !== undefined) return [...made]
          const { mean, variance } = tf.moments(x, -1, true)
          const inverse = variance.add(1e-3).rsqrt()
          return [x.sub(mean).mul(inverse).mul(weight).add(bias), mean, inverse]
        },
      })),
  },
  {
    name: 'LSTM',
    kernels: ['LSTM'],
    valueOnly: 'the kernel is called inside of custom gradients',
    variants: (draw) =>
      [1, 2].map((directions) => ({
        inputs: [
          draw.floats([3, 2, 4]),
          draw.floats([directions, 20, 4]),
          draw.floats([directions, 20, 5]),
          draw.floats([directions, 40]),
          { dtype: 'int32' as const, shape: [2], data: Int32Array.of(3, 2) },
        ],
        apply: (...inputs: Tensor[]) => fusedKernel('LSTM', inputs)?.[0] ?? lstmStates(inputs),
      })),
  },
  {
    name: 'FusedBatchNorm',
    kernels: ['FusedBatchNorm'],
    variants: (draw) => [
      {
        inputs: [
          draw.floats([2, 3, 2, 4]),
          draw.floats([4]),
          draw.floats([4], 0.2, 2),
          draw.floats([4]),
          draw.floats([4], 0.5, 2),
        ],
        apply: (x, mean, variance, offset, scale) =>
          tf.batchNorm(
            x,
            mean as tf.Tensor1D,
            variance as tf.Tensor1D,
            offset as tf.Tensor1D,
            scale as tf.Tensor1D,
            1e-2,
          ),
      },
    ],
  },
  {
    name: 'FusedBatchNorm without a scale',
    kernels: ['FusedBatchNorm'],
    valueOnly: 'TensorFlow.js fails to differentiate it',
    variants: (draw) => [
      {
        inputs: [draw.floats([3, 4]), draw.floats([4]), draw.floats([4], 0.2, 2)],
        apply: (x, mean, variance) => tf.batchNorm(x, mean as tf.Tensor1D, variance as tf.Tensor1D),
      },
      {
        inputs: [draw.floats([2, 3, 4]), draw.floats([4]), draw.floats([4], 0.2, 2), draw.floats([4])],
        apply: (x, mean, variance, offset) =>
          tf.batchNorm(x, mean as tf.Tensor1D, variance as tf.Tensor1D, offset as tf.Tensor1D),
      },
    ],
  },
  {
    name: 'an embedding whose rows occur twice',
    kernels: ['GatherV2', 'UnsortedSegmentSum'],
    variants: () => [
      {
        inputs: [floatsOf(0.5, -1, 2, 0.25), intsOf([2, 3], 1, 1, 3, 1, 0, 3)],
        apply: (table, ids) => tf.gather(table.reshape([4, 1]), ids.reshape([-1]).cast('int32')).square(),
      },
    ],
  },
]

/** Kernels that pick or place elements by index, and kernels that normalise. */
export const indexingCases: readonly KernelCase[] = [...gathers, ...scatters, ...fused]
