import * as tf from '@tensorflow/tfjs'
import { type KernelCase, NO_GRADIENT } from './kernel-case.ts'
import { moves } from './moves.ts'

const views: readonly KernelCase[] = [
  moves(
    'Reshape, ExpandDims, Transpose',
    ['Reshape', 'ExpandDims', 'Transpose', 'Identity'],
    [
      [[3, 4], (x) => [x.reshape([2, -1]), x.expandDims(-1), x.transpose(), x.clone()]],
      [[2, 1, 3], (x) => [x.reshape([6]), x.expandDims(1), x.transpose([2, 0, 1]), x.squeeze()]],
      [[], (x) => [x.reshape([1, 1]), x.expandDims(0)]],
      [[2, 3, 4, 5], (x) => [x.transpose([0, 3, 2, 1]).transpose([2, 0, 1, 3]).reshape([-1])]],
    ],
  ),
  {
    name: 'tensors without elements',
    kernels: ['Reshape', 'Concat', 'Slice', 'Transpose'],
    valueOnly: 'there is nothing to differentiate by',
    variants: (draw) => [
      {
        inputs: [draw.floats([0, 4])],
        apply: (x) => [x.reshape([0, 2, 2]), x.reshape([4, 0]), x.transpose()],
      },
      {
        inputs: [draw.floats([0, 4]), draw.floats([2, 4])],
        apply: (x, y) => [tf.concat([x, y]), tf.concat([x, x]), y.slice([1, 0], [0, 4]), tf.sum(x), x.add(1)],
      },
    ],
  },
]

const joins: readonly KernelCase[] = [
  {
    name: 'Concat',
    kernels: ['Concat', 'SplitV'],
    variants: (draw) => [
      { inputs: [draw.floats([2, 3]), draw.floats([1, 3])], apply: (...x) => tf.concat(x, 0) },
      {
        inputs: [draw.floats([2, 3]), draw.floats([2, 1]), draw.floats([2, 2])],
        apply: (...x) => tf.concat(x, -1),
      },
      { inputs: [draw.floats([2, 2, 1]), draw.floats([2, 3, 1])], apply: (...x) => tf.concat(x, 1) },
      { inputs: [draw.floats([3])], apply: (x) => tf.concat([x, x]) },
      { inputs: [draw.ints([2], 0, 9), draw.ints([3], 0, 9)], apply: (...x) => tf.concat(x) },
      { inputs: [draw.bools([2]), draw.bools([3])], apply: (...x) => tf.concat(x) },
    ],
  },
  moves(
    'SplitV',
    ['SplitV', 'Concat'],
    [
      [[4, 3], (x) => tf.split(x, 2)],
      [[2, 6], (x) => tf.split(x, [1, 2, 3], -1)],
      [[2, 6], (x) => tf.split(x, [2, -1, 1], 1)],
      // TensorFlow.js fails to differentiate a split into one.
      [[4], (x) => tf.split(x, [4]), []],
      [[2, 1], (x) => tf.split(x, 1, 1), []],
    ],
  ),
  {
    name: 'Pack and Unpack',
    kernels: ['Pack', 'Unpack'],
    variants: (draw) => [
      { inputs: [draw.floats([2, 3]), draw.floats([2, 3])], apply: (...x) => tf.stack(x) },
      { inputs: [draw.floats([2, 3]), draw.floats([2, 3])], apply: (...x) => tf.stack(x, -1) },
      { inputs: [draw.floats([]), draw.floats([])], apply: (...x) => tf.stack(x) },
      { inputs: [draw.floats([3, 2])], apply: (x) => tf.unstack(x) },
      { inputs: [draw.floats([2, 3, 2])], apply: (x) => tf.unstack(x, -2) },
      { inputs: [draw.ints([3, 2], 0, 9)], apply: (x) => tf.unstack(x, 1) },
    ],
  },
]

const blocks: readonly KernelCase[] = [
  moves(
    'SpaceToBatchND and BatchToSpaceND',
    ['SpaceToBatchND', 'BatchToSpaceND'],
    [
      [
        [1, 4, 4, 2],
        (x) =>
          tf.spaceToBatchND(
            x,
            [2, 2],
            [
              [0, 0],
              [0, 0],
            ],
          ),
      ],
      [
        [4, 2, 2, 1],
        (x) =>
          tf.batchToSpaceND(
            x,
            [2, 2],
            [
              [0, 1],
              [1, 0],
            ],
          ),
      ],
      [
        [2, 3, 4, 1],
        (x) =>
          tf.spaceToBatchND(
            x,
            [2, 2],
            [
              [1, 0],
              [2, 2],
            ],
          ),
      ],
      [[3, 4, 2], (x) => tf.batchToSpaceND(x, [3], [[1, 0]])],
    ],
  ),
  {
    name: 'DepthToSpace',
    kernels: ['DepthToSpace'],
    valueOnly: NO_GRADIENT,
    variants: (draw) => [
      { inputs: [draw.floats([2, 1, 3, 8])], apply: (x) => tf.depthToSpace(x as tf.Tensor4D, 2) },
      { inputs: [draw.floats([1, 2, 2, 9])], apply: (x) => tf.depthToSpace(x as tf.Tensor4D, 3) },
    ],
  },
]

/** Kernels that move elements. */
export const shapeCases: readonly KernelCase[] = [...views, ...joins, ...blocks]
