import type { Tensor } from '../../tensor.ts'
import * as tf from '@tensorflow/tfjs'
import { RECORDER } from '../recording-backend.ts'
import {
  type Draw,
  floatsOf,
  INTEGER_VALUED,
  intsOf,
  type KernelCase,
  NO_GRADIENT,
  type Variant,
} from './kernel-case.ts'

type Reduction = (x: Tensor, axis?: number | number[], keepDims?: boolean) => Tensor

/** Shapes with axes to reduce: all, none, negative, several, of length 1, of a scalar. */
const AXES: readonly (readonly [shape: number[], axis?: number | number[]])[] = [
  [[3, 4]],
  [[3, 4], 1],
  [
    [2, 3, 4],
    [0, 2],
  ],
  [
    [2, 3, 4],
    [-1, -2],
  ],
  [[2, 3, 4], -3],
  [[3, 1, 2], 1],
  [[3, 2], []],
  [[]],
]

const reduced = (apply: Reduction, draw: Draw): Variant[] =>
  AXES.flatMap(([shape, axis]) =>
    [false, true].map((keepDims) => ({
      inputs: [draw.floats(shape)],
      apply: (x: Tensor) => apply(x, axis, keepDims),
    })),
  )

const integers = (apply: Reduction, draw: Draw): Variant[] => [
  { inputs: [draw.ints([2, 3], -5, 6)], apply: (x) => apply(x, 1) },
  { inputs: [draw.bools([3, 4])], apply: (x) => apply(x, 0) },
]

const TIED = { inputs: [floatsOf(1, 3, 3, 2)] }

const sums: readonly KernelCase[] = [
  {
    name: 'Sum',
    kernels: ['Sum', 'Multiply'],
    variants: (draw) => [
      ...reduced(tf.sum, draw),
      ...integers(tf.sum, draw),
      { inputs: [draw.floats([0, 3])], apply: (x) => tf.sum(x, 0), by: [] },
    ],
  },
  {
    name: 'Mean',
    kernels: ['Mean'],
    variants: (draw) => [...reduced(tf.mean, draw), ...integers(tf.mean, draw)],
  },
  {
    name: 'Prod',
    kernels: ['Prod', 'Cumprod'],
    variants: (draw) => [
      // TensorFlow.js differentiates products only over the last axes, counted from the front.
      { inputs: [draw.floats([3, 4])], apply: (x) => tf.prod(x) },
      { inputs: [draw.floats([3, 4])], apply: (x) => tf.prod(x, 1) },
      { inputs: [draw.floats([2, 3, 4])], apply: (x) => tf.prod(x, [1, 2]) },
      { inputs: [floatsOf(2, 0, 3)], apply: (x) => tf.prod(x) },
      ...reduced(tf.prod, draw).map((variant) => ({ ...variant, by: [] })),
      ...integers(tf.prod, draw),
    ],
  },
  {
    name: 'Max',
    kernels: ['Max', 'Equal'],
    variants: (draw) => [
      ...reduced(tf.max, draw),
      ...integers(tf.max, draw),
      { ...TIED, apply: (x) => tf.max(x) },
    ],
  },
  {
    name: 'Min',
    kernels: ['Min', 'Equal'],
    variants: (draw) => [
      ...reduced(tf.min, draw),
      ...integers(tf.min, draw),
      { inputs: [floatsOf(1, 3, 1, 2)], apply: (x) => tf.min(x) },
    ],
  },
]

const logical: readonly KernelCase[] = [
  {
    name: 'All and Any',
    kernels: ['All', 'Any'],
    valueOnly: INTEGER_VALUED,
    variants: (draw) =>
      AXES.map(([shape, axis]) => ({
        inputs: [draw.bools(shape)],
        apply: (x: Tensor) => [tf.all(x, axis), tf.any(x, axis, true)],
      })),
  },
  {
    name: 'ArgMax and ArgMin',
    kernels: ['ArgMax', 'ArgMin'],
    valueOnly: INTEGER_VALUED,
    variants: (draw) => [
      ...([[4], [3, 4], [2, 3, 4], [3, 1]] as const).flatMap((shape) =>
        [0, -1].map((axis) => ({
          inputs: [draw.floats(shape)],
          apply: (x: Tensor) => [tf.argMax(x, axis), tf.argMin(x, axis)],
        })),
      ),
      // The first of several equal elements.
      { inputs: [intsOf([6], 2, 5, 5, 1, 1, 2)], apply: (x) => [tf.argMax(x), tf.argMin(x)] },
      { inputs: [draw.bools([2, 5])], apply: (x) => [tf.argMax(x, 1), tf.argMin(x, 1)] },
    ],
  },
  {
    name: 'TopK',
    kernels: ['TopK'],
    valueOnly: NO_GRADIENT,
    variants: (draw) => {
      const top =
        (k: number) =>
        (x: Tensor): Tensor[] => {
          const { values, indices } = tf.topk(x, k)
          return [values, indices]
        }
      return [
        { inputs: [draw.floats([6])], apply: top(3) },
        { inputs: [draw.floats([2, 3, 5])], apply: top(5) },
        { inputs: [intsOf([2, 4], 1, 3, 3, 2, 5, 5, 5, 5)], apply: top(3) },
        { inputs: [draw.ints([2, 1], 0, 4)], apply: top(1) },
      ]
    },
  },
  {
    name: 'SearchSorted',
    kernels: ['SearchSorted'],
    valueOnly: INTEGER_VALUED,
    variants: (draw) => {
      const apply = (s: Tensor, v: Tensor): Tensor[] => [tf.lowerBound(s, v), tf.upperBound(s, v)]
      return [
        { inputs: [floatsOf(-1, 0, 0, 1.5), draw.floats([6])], apply },
        { inputs: [intsOf([2, 3], 0, 2, 2, 1, 1, 4), draw.ints([2, 5], -1, 5)], apply },
      ]
    },
  },
]

const softmaxes: readonly KernelCase[] = [
  {
    name: 'Softmax',
    kernels: ['Softmax'],
    variants: (draw) => [
      { inputs: [draw.floats([4])], apply: (x) => tf.softmax(x) },
      { inputs: [draw.floats([2, 3, 5])], apply: (x) => tf.softmax(x) },
      { inputs: [draw.floats([3, 1])], apply: (x) => tf.softmax(x) },
      { inputs: [floatsOf(-1e9, 0, 1)], apply: (x) => tf.softmax(x) },
      { inputs: [floatsOf(1000, 0, -1000)], apply: (x) => tf.softmax(x) },
    ],
  },
  {
    name: 'logSoftmax, logSumExp and norms, which are composed',
    kernels: ['Max', 'Exp', 'Log', 'Sum', 'Sub'],
    variants: (draw) => [
      { inputs: [draw.floats([3, 4])], apply: (x) => tf.logSoftmax(x) },
      { inputs: [draw.floats([2, 3, 4])], apply: (x) => tf.logSumExp(x, 1) },
      { inputs: [draw.floats([3, 4])], apply: (x) => tf.logSumExp(x) },
      { inputs: [draw.floats([3, 4])], apply: (x) => tf.norm(x) },
      { inputs: [draw.floats([3, 4])], apply: (x) => tf.norm(x, 1, 1) },
      { inputs: [draw.floats([3, 4])], apply: (x) => tf.norm(x, Number.POSITIVE_INFINITY, 0) },
      { inputs: [draw.floats([3, 4])], apply: (x) => tf.moments(x, 1).variance },
      {
        inputs: [draw.floats([3, 4]), draw.floats([3, 4])],
        apply: (x, y) => tf.losses.sigmoidCrossEntropy(tf.sigmoid(x), y),
      },
    ],
  },
]

/** The last of two axes; TensorFlow.js's cpu backend fails if it is counted from the end. */
const lastAxis = (): number => (tf.getBackend() === RECORDER ? -1 : 1)

const cumulative: readonly KernelCase[] = [
  {
    name: 'Cumsum',
    kernels: ['Cumsum'],
    variants: (draw) =>
      [false, true].flatMap((exclusive) =>
        [false, true].flatMap((reverse): Variant[] => [
          { inputs: [draw.floats([5])], apply: (x) => tf.cumsum(x, 0, exclusive, reverse) },
          { inputs: [draw.floats([2, 3, 4])], apply: (x) => tf.cumsum(x, 2, exclusive, reverse) },
          // TensorFlow.js's gradient transposes the result unless the axis is the last.
          { inputs: [draw.floats([3, 4])], apply: (x) => tf.cumsum(x, 0, exclusive, reverse), by: [] },
          {
            inputs: [draw.floats([3, 4])],
            apply: (x) => tf.cumsum(x, lastAxis(), exclusive, reverse),
            by: [],
          },
          { inputs: [draw.ints([4], -3, 4)], apply: (x) => tf.cumsum(x, 0, exclusive, reverse) },
          { inputs: [draw.bools([4])], apply: (x) => tf.cumsum(x, 0, exclusive, reverse) },
        ]),
      ),
  },
  {
    name: 'Cumprod',
    kernels: ['Cumprod'],
    valueOnly: NO_GRADIENT,
    variants: (draw) =>
      [false, true].flatMap((exclusive) =>
        [false, true].flatMap((reverse): Variant[] => [
          { inputs: [draw.floats([7])], apply: (x) => tf.cumprod(x, 0, exclusive, reverse) },
          { inputs: [draw.floats([2, 3, 4])], apply: (x) => tf.cumprod(x, 1, exclusive, reverse) },
          { inputs: [draw.floats([3, 1])], apply: (x) => tf.cumprod(x, lastAxis(), exclusive, reverse) },
          { inputs: [floatsOf(2, 0, 3, 1)], apply: (x) => tf.cumprod(x, 0, exclusive, reverse) },
          { inputs: [draw.ints([4], -3, 4)], apply: (x) => tf.cumprod(x, 0, exclusive, reverse) },
        ]),
      ),
  },
]

/** Kernels that combine elements along axes. */
export const reductionCases: readonly KernelCase[] = [...sums, ...logical, ...softmaxes, ...cumulative]
