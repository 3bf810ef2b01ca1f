import type { Tensor } from '../../tensor.ts'
import * as tf from '@tensorflow/tfjs'
import { type KernelCase, NO_GRADIENT } from './kernel-case.ts'
import { type Move, moves } from './moves.ts'

const strided = (begin: number[], end: number[], strides: number[], ...masks: number[]): Move => {
  const [beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask] = masks
  return (x) =>
    tf.stridedSlice(x, begin, end, strides, beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask)
}

const slices: readonly KernelCase[] = [
  moves(
    'Slice',
    ['Slice', 'PadV2'],
    [
      [[5], (x) => [x.slice(1, 3), x.slice(2), x.slice([0], [5])]],
      [[3, 4], (x) => [x.slice([1, 2], [2, 2]), x.slice([1], [1]), x.slice(1), x.slice([0, 1], [-1, -1])]],
      [[2, 3, 4], (x) => x.slice([1, 0, 2], [1, 3, -1])],
      [[2, 3, 2, 2], (x) => x.slice([0, 1, 0, 1], [2, 1, 2, 1])],
    ],
  ),
  {
    ...moves(
      'StridedSlice',
      ['StridedSlice'],
      [
        [[6], strided([1], [6], [2])],
        [[3, 4], strided([0, 1], [3, 4], [2, 2])],
        [[6], strided([-1], [-7], [-2])],
        [[6], strided([4], [1], [-1])],
        [[6], strided([2], [3], [-1], 1, 1)],
        [[3, 4], strided([1, 0], [3, 4], [1, 1], 0, 0, 0, 0, 1)],
        [[3, 4], strided([0, -1], [2, 9], [1, 1], 1, 2, 0, 0, 2)],
        [[2, 3, 4], strided([0, 1], [2, 3], [1, 1], 0, 0, 1)],
        [[2, 3], strided([0, 1], [1, 3], [1, 1], 0, 0, 0, 1)],
        [[5], strided([3], [3], [1])],
      ],
    ),
    valueOnly: NO_GRADIENT,
  },
  moves(
    'Reverse',
    ['Reverse'],
    [
      [[5], (x) => tf.reverse(x)],
      [[3, 4], (x) => [tf.reverse(x), tf.reverse(x, 0), tf.reverse(x, -1)]],
      [[2, 3, 1], (x) => tf.reverse(x, [0, 2])],
      [[2, 3, 2, 2], (x) => tf.reverse(x, [1, 3])],
    ],
  ),
]

const paddings: readonly KernelCase[] = [
  {
    name: 'PadV2',
    kernels: ['PadV2', 'Slice'],
    variants: (draw) => [
      { inputs: [draw.floats([3])], apply: (x) => tf.pad(x, [[2, 1]]) },
      {
        inputs: [draw.floats([2, 3])],
        apply: (x) =>
          tf.pad(
            x,
            [
              [0, 1],
              [2, 0],
            ],
            -3,
          ),
      },
      {
        inputs: [draw.floats([2, 1])],
        apply: (x) =>
          tf.pad(x, [
            [0, 0],
            [0, 0],
          ]),
      },
      {
        inputs: [draw.floats([2, 1, 2, 2])],
        apply: (x) =>
          tf.pad(x, [
            [0, 0],
            [1, 1],
            [0, 2],
            [0, 0],
          ]),
      },
      { inputs: [draw.floats([2])], apply: (x) => tf.pad(x, [[1, 1]], Number.NEGATIVE_INFINITY), by: [] },
      {
        inputs: [draw.ints([2, 2], 1, 9)],
        apply: (x) =>
          tf.pad(
            x,
            [
              [1, 0],
              [0, 1],
            ],
            7,
          ),
      },
      { inputs: [draw.bools([3])], apply: (x) => tf.pad(x, [[1, 1]], 1) },
    ],
  },
  {
    name: 'MirrorPad',
    kernels: ['MirrorPad'],
    variants: (draw) => {
      // TensorFlow.js's gradient omits the contribution of the mirrored elements; recording repeats this.
      const both = (x: Tensor, pairs: [number, number][]): Tensor[] => [
        tf.mirrorPad(x, pairs, 'reflect'),
        tf.mirrorPad(x, pairs, 'symmetric'),
      ]
      return [
        { inputs: [draw.floats([4])], apply: (x) => both(x, [[2, 3]]) },
        {
          inputs: [draw.floats([3, 4])],
          apply: (x) =>
            both(x, [
              [2, 1],
              [0, 2],
            ]),
        },
        {
          inputs: [draw.ints([2, 3], 0, 9)],
          apply: (x) =>
            both(x, [
              [1, 1],
              [2, 2],
            ]),
        },
        {
          inputs: [draw.floats([2, 2])],
          apply: (x) =>
            tf.mirrorPad(
              x,
              [
                [0, 0],
                [2, 2],
              ],
              'symmetric',
            ),
        },
      ]
    },
  },
  moves(
    'Tile',
    ['Tile'],
    [
      [[3], (x) => tf.tile(x, [2])],
      [[2, 3], (x) => [tf.tile(x, [2, 1]), tf.tile(x, [1, 3]), tf.tile(x, [1, 1])]],
      [[1, 3], (x) => [tf.tile(x, [4, 1]), tf.tile(x, [2, 2]), x.broadcastTo([2, 4, 3])]],
      [[2, 1, 2], (x) => [tf.tile(x, [1, 3, 1]), tf.tile(x, [1, 3, 2])]],
      [[2, 1, 2, 1], (x) => [tf.tile(x, [1, 2, 1, 3]), tf.tile(x, [1, 3, 1, 1]).mul(x)]],
    ],
  ),
]

/** Kernels that take elements out of a tensor or pad it. */
export const sliceCases: readonly KernelCase[] = [...slices, ...paddings]
