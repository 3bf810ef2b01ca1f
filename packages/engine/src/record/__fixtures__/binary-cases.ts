import type { Tensor } from '../../tensor.ts'
import * as tf from '@tensorflow/tfjs'
import {
  type Draw,
  floatsOf,
  INTEGER_VALUED,
  intsOf,
  type KernelCase,
  NO_GRADIENT,
  type Variant,
} from './kernel-case.ts'

type Operation = (a: Tensor, b: Tensor) => Tensor

interface Settings {
  readonly a?: readonly [low: number, high: number] | undefined
  readonly b?: readonly [low: number, high: number] | undefined
  /** TensorFlow.js's gradient accepts only operands of equal shape. */
  readonly sameShape?: boolean | undefined
  readonly kernels?: readonly string[] | undefined
  readonly valueOnly?: string | undefined
}

/** A kernel of two operands, broadcast in both directions, with further variants for its peculiarities. */
const of = (
  kernel: string,
  apply: Operation,
  { a = [-2, 2], b = [-2, 2], sameShape = false, kernels = [], valueOnly }: Settings = {},
  further: (draw: Draw) => readonly Variant[] = () => [],
): KernelCase => ({
  name: kernel,
  kernels: [kernel, ...kernels],
  valueOnly,
  variants: (draw) => [
    ...draw.pairs().map(([left, right], i): Variant => {
      const inputs = [draw.floats(left, ...a), draw.floats(right, ...b)]
      return sameShape && i > 0 ? { inputs, apply, by: [] } : { inputs, apply }
    }),
    ...further(draw),
  ],
})

/** The same operation on integers. */
const integers =
  (apply: Operation, low = -4, high = 5) =>
  (draw: Draw): Variant[] => [
    { inputs: [draw.ints([3, 4], low, high), draw.ints([4], low, high)], apply },
    { inputs: [draw.ints([2], low, high), draw.ints([], low, high)], apply },
  ]

const pair = (apply: Operation, a: readonly number[], b: readonly number[]): Variant => ({
  inputs: [floatsOf(...a), floatsOf(...b)],
  apply,
  by: [],
})

const integerPair = (apply: Operation, a: readonly number[], b: readonly number[]): Variant => ({
  inputs: [intsOf([a.length], ...a), intsOf([b.length], ...b)],
  apply,
})

/** Exact at 0, and at powers of 10 that a quotient rounded to float32 misses. */
const DIVIDENDS = [0, 7, -7, 7, -7, 6, -6, 2147483647, -2147483648, 16777217]
const DIVISORS = [5, 3, 3, -3, -3, 3, 3, 10, 7, 1]

const arithmetic: readonly KernelCase[] = [
  of('Add', tf.add, {}, (draw) => [
    ...integers(tf.add)(draw),
    { inputs: [draw.floats([2, 3]), draw.ints([3], -4, 5)], apply: tf.add },
    { inputs: [draw.floats([2, 3])], apply: (x) => x.add(0).add(1) },
  ]),
  of('Sub', tf.sub, {}, (draw) => [
    ...integers(tf.sub)(draw),
    { inputs: [draw.floats([2, 3])], apply: (x) => x.sub(0).sub(1).add(tf.sub(0, x)) },
  ]),
  of('Multiply', tf.mul, {}, (draw) => [
    ...integers(tf.mul)(draw),
    { inputs: [draw.bools([2, 3]), draw.bools([3])], apply: tf.mul },
    { inputs: [draw.bools([2, 3]), draw.floats([3])], apply: tf.mul },
    { inputs: [draw.floats([2, 3])], apply: (x) => x.mul(1).mul(0.5).reshape([6]).mul(2) },
  ]),
  of('RealDiv', tf.div, { b: [0.5, 2] }, (draw) => [
    { inputs: [draw.floats([2, 3])], apply: (x) => x.div(1).reshape([3, 2]).div(4) },
    pair(tf.div, [0, 1, -1, 1], [0, 0, 0, Number.NaN]),
  ]),
  of('FloorDiv', tf.floorDiv, { b: [0.5, 2], valueOnly: INTEGER_VALUED }, (draw) => [
    integerPair(tf.floorDiv, DIVIDENDS, DIVISORS),
    integerPair(tf.div, [1, 0, -3, 5], [0, 0, 0, 2]),
    // The quotient of the lowest integer by -1 is not an int32; in native code it ends the process.
    integerPair(tf.floorDiv, [-2147483648, 7, -7, 0], [-1, -1, -1, -1]),
    integerPair(tf.floorDiv, [-2147483648, 7, -7, 5], [-1, 2, 0, -1]),
    { inputs: [draw.ints([5], -9, 9)], apply: (x) => tf.floorDiv(x, tf.scalar(2, 'int32')) },
  ]),
  of('Mod', tf.mod, { b: [0.5, 2] }, () => [
    pair(tf.mod, [5.5, -5.5, 5.5, -5.5, 0.6, -0.6, 6, -6], [2, 2, -2, -2, 0.2, 0.2, 3, 3]),
    integerPair(tf.mod, DIVIDENDS, DIVISORS),
    integerPair(tf.mod, [3, 0], [0, 0]),
    integerPair(tf.mod, [-2147483648, 7, 5], [-1, -1, 2]),
  ]),
  of(
    'Pow',
    tf.pow,
    { a: [0.3, 2], b: [-2, 2], kernels: ['Greater', 'Select', 'Log', 'ZerosLike'] },
    (draw) => [
      { inputs: [draw.floats([3, 4])], apply: (x) => tf.pow(x, 2).add(x.pow(3)) },
      { inputs: [draw.floats([5], 0.2, 2)], apply: (x) => tf.pow(x, 0.5).add(x.pow(-1.5)) },
      integerPair(tf.pow, [2, -3, 5, 0], [3, 3, 0, 0]),
      pair(tf.pow, [-2, 0, 0, -8, Number.NaN], [0.5, 0, -1, 3, 1]),
    ],
  ),
  of('SquaredDifference', tf.squaredDifference, { sameShape: true }, integers(tf.squaredDifference)),
  of('Atan2', tf.atan2, {}, () => [
    pair(tf.atan2, [0, 0, 0, 1, -1, 1, -1, 2], [0, 1, -1, 0, 0, -1, -1, 1e-30]),
  ]),
]

const NAN = [Number.NaN, 1, 0]

const extremes: readonly KernelCase[] = [
  of('Maximum', tf.maximum, { sameShape: true, kernels: ['GreaterEqual', 'Less'] }, (draw) => [
    ...integers(tf.maximum)(draw),
    { inputs: [draw.bools([4]), draw.bools([4])], apply: tf.maximum },
    // At a tie the gradient is the first operand's.
    { inputs: [floatsOf(1, 2, 2), floatsOf(1, 3, 1)], apply: tf.maximum },
    pair(tf.maximum, NAN, [1, Number.NaN, 0]),
  ]),
  of('Minimum', tf.minimum, { sameShape: true, kernels: ['LessEqual', 'Greater'] }, (draw) => [
    ...integers(tf.minimum)(draw),
    { inputs: [draw.bools([4]), draw.bools([4])], apply: tf.minimum },
    { inputs: [floatsOf(1, 2, 2), floatsOf(1, 3, 1)], apply: tf.minimum },
    pair(tf.minimum, NAN, [1, Number.NaN, 0]),
  ]),
]

const comparisons: readonly (readonly [string, Operation])[] = [
  ['Equal', tf.equal],
  ['NotEqual', tf.notEqual],
  ['Greater', tf.greater],
  ['GreaterEqual', tf.greaterEqual],
  ['Less', tf.less],
  ['LessEqual', tf.lessEqual],
]

const logic: readonly KernelCase[] = [
  ...comparisons.map(([kernel, apply]) =>
    of(kernel, apply, { valueOnly: INTEGER_VALUED }, (draw) => [
      ...integers(apply, 0, 3)(draw),
      { inputs: [draw.bools([2, 3]), draw.bools([3])], apply },
      { inputs: [draw.bools([2, 3]), draw.ints([3], 0, 2)], apply },
      pair(apply, [0, 1, Number.NaN, Infinity], [-0, Number.NaN, Number.NaN, Infinity]),
    ]),
  ),
  {
    name: 'logic',
    kernels: ['LogicalAnd', 'LogicalOr', 'LogicalNot'],
    valueOnly: INTEGER_VALUED,
    variants: (draw) =>
      draw.pairs().map(([a, b]) => ({
        inputs: [draw.bools(a), draw.bools(b)],
        apply: (x: Tensor, y: Tensor) => [tf.logicalAnd(x, y), tf.logicalOr(x, y), tf.logicalXor(x, y)],
      })),
  },
  {
    name: 'BitwiseAnd',
    kernels: ['BitwiseAnd'],
    valueOnly: NO_GRADIENT,
    variants: (draw) => [
      {
        inputs: [draw.ints([2, 3], -100, 100), draw.ints([2, 3], -100, 100)],
        apply: (a, b) => tf.bitwiseAnd(a, b),
      },
    ],
  },
]

const selections: readonly KernelCase[] = [
  {
    name: 'Select',
    kernels: ['Select', 'LogicalNot', 'Cast'],
    variants: (draw) => [
      ...[[3, 4], [], [2, 1, 3]].map(
        (shape): Variant => ({
          inputs: [draw.bools(shape), draw.floats(shape), draw.floats(shape)],
          apply: (c, a, b) => tf.where(c, a, b),
        }),
      ),
      // Broadcast operands: rows chosen by a column, and a scalar beside a matrix.
      {
        inputs: [draw.bools([3, 1]), draw.floats([3, 4]), draw.floats([4])],
        apply: (c, a, b) => tf.where(c, a, b),
      },
      { inputs: [draw.bools([4]), draw.floats([3, 4])], apply: (c, a) => tf.where(c, a, tf.scalar(-1e9)) },
      {
        inputs: [draw.bools([4]), draw.ints([4], 0, 9), draw.floats([4])],
        apply: (c, a, b) => tf.where(c, a, b),
        by: [],
      },
      {
        inputs: [draw.bools([4]), draw.ints([4], 0, 9), draw.ints([4], 0, 9)],
        apply: (c, a, b) => tf.where(c, a, b),
      },
      { inputs: [draw.bools([4]), draw.bools([4]), draw.bools([4])], apply: (c, a, b) => tf.where(c, a, b) },
    ],
  },
  {
    name: 'AddN',
    kernels: ['AddN'],
    variants: (draw) => [
      {
        inputs: [draw.floats([2, 3]), draw.floats([2, 3]), draw.floats([2, 3])],
        apply: (...x) => tf.addN(x),
      },
      { inputs: [draw.ints([4], -3, 3), draw.ints([4], -3, 3)], apply: (...x) => tf.addN(x) },
      { inputs: [draw.floats([2])], apply: (x) => tf.addN([x]) },
    ],
  },
]

/** Elementwise kernels of two or more operands. */
export const binaryCases: readonly KernelCase[] = [...arithmetic, ...extremes, ...logic, ...selections]
