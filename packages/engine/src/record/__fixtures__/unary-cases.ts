import type { Tensor } from '../../tensor.ts'
import * as tf from '@tensorflow/tfjs'
import { type Draw, floatsOf, INTEGER_VALUED, intsOf, type KernelCase, type Variant } from './kernel-case.ts'

type Operation = (x: Tensor) => Tensor

/** A kernel of one operand between bounds, on several shapes, with further variants for its peculiarities. */
const of = (
  kernel: string,
  apply: Operation,
  [low, high]: readonly [number, number] = [-2, 2],
  further: (draw: Draw) => readonly Variant[] = () => [],
  kernels: readonly string[] = [],
): KernelCase => ({
  name: kernel,
  kernels: [kernel, ...kernels],
  variants: (draw) => [
    ...draw.shapes().map((shape): Variant => ({ inputs: [draw.floats(shape, low, high)], apply })),
    ...further(draw),
  ],
})

/** Integers and special floats, without gradients to compare. */
const on = (apply: Operation, integers: readonly number[], floats: readonly number[] = []) => {
  const variants: Variant[] = []
  if (integers.length > 0) variants.push({ inputs: [intsOf([integers.length], ...integers)], apply })
  if (floats.length > 0) variants.push({ inputs: [floatsOf(...floats)], apply, by: [] })
  return () => variants
}

const { NaN: nan, POSITIVE_INFINITY: infinity } = Number
const WIDE = [0, 1e-7, -1e-7, 40, -40, 2000, -2000, infinity, -infinity, nan]

const TINY = [1e-6, -3e-6, 2e-7]

const functions: readonly KernelCase[] = [
  of('Acos', tf.acos, [-0.95, 0.95], on(tf.acos, [0, 1, -1], [1, -1, 2, nan])),
  of('Acosh', tf.acosh, [1.1, 4], on(tf.acosh, [], [1, 100, nan])),
  of('Asin', tf.asin, [-0.95, 0.95], on(tf.asin, [0, 1, -1], [1, -1, 2, nan])),
  of('Asinh', tf.asinh, [-4, 4], on(tf.asinh, [], [0, 100, -100, nan])),
  of('Atan', tf.atan, [-4, 4], on(tf.atan, [], WIDE)),
  of('Atanh', tf.atanh, [-0.95, 0.95], on(tf.atanh, [], [0, 2, nan])),
  of('Cos', tf.cos, [-4, 4], on(tf.cos, [], [0, 30, nan])),
  of('Cosh', tf.cosh, [-3, 3], on(tf.cosh, [], [0, 5, nan])),
  of('Erf', tf.erf, [-3, 3], on(tf.erf, [], [0, 5, -5, infinity, -infinity])),
  of('Exp', tf.exp, [-3, 3], on(tf.exp, [0, 1, 3, -2], [0, -200, -infinity, nan])),
  of('Expm1', tf.expm1, [-2, 2], () => [
    ...on(tf.expm1, [0, 1, 3, -2], [-200, -infinity, nan])(),
    ...on(tf.expm1, [], TINY)(),
  ]),
  of('Log', tf.log, [0.1, 4], on(tf.log, [], [1, 0, -1, infinity, nan])),
  of('Log1p', tf.log1p, [-0.9, 4], () => [
    ...on(tf.log1p, [0, 1, 20], [-1, -2, infinity, nan])(),
    ...on(tf.log1p, [], TINY)(),
    ...on(tf.log1p, [], [-0.999999, 3e8])(),
  ]),
  of('Reciprocal', tf.reciprocal, [0.4, 3], on(tf.reciprocal, [1, 2, -1, -5], [0, infinity, nan])),
  of('Rsqrt', tf.rsqrt, [0.3, 4], on(tf.rsqrt, [], [0, -1, nan])),
  of('Sin', tf.sin, [-4, 4], on(tf.sin, [], [0, 30, nan])),
  of('Sinh', tf.sinh, [-3, 3], on(tf.sinh, [0, 1, -3], [0, nan])),
  of('Sqrt', tf.sqrt, [0.2, 4], on(tf.sqrt, [], [0, -1, infinity, nan])),
  of('Square', tf.square, [-2, 2], on(tf.square, [0, 3, -4], [infinity, nan])),
  of('Tan', tf.tan, [-1.2, 1.2], on(tf.tan, [], [0, 5, nan])),
  of('Abs', tf.abs, [-2, 2], on(tf.abs, [0, 3, -4], [-0, -infinity, nan])),
  of('Neg', tf.neg, [-2, 2], on(tf.neg, [0, 3, -4], [-infinity, nan])),
  // Without NaN: its sign is NaN in ONNX Runtime and 0 in TensorFlow.js.
  of('Sign', tf.sign, [-2, 2], on(tf.sign, [0, 3, -4], [0, -infinity])),
  of('Ceil', tf.ceil, [-4, 4], on(tf.ceil, [], [-0.5, 2.5, 3, infinity, nan])),
  of('Floor', tf.floor, [-4, 4], on(tf.floor, [], [-0.5, 2.5, 3, infinity, nan])),
  of('Round', tf.round, [-4, 4], on(tf.round, [1, -2], [-1.5, -0.5, 0.5, 1.5, 2.5, 3])),
  of(
    'Step',
    (x) => tf.step(x, 0.25),
    [-1, 1],
    () => [
      ...on(tf.step, [0, 3, -4], [0, -0, 1e-30, infinity, -infinity])(),
      ...on((x) => tf.step(x, -1), [0, 3, -4], [0, 1])(),
    ],
  ),
]

const clip = (x: Tensor): Tensor => tf.clipByValue(x, -0.5, 1)
const halfLine = (x: Tensor): Tensor => tf.clipByValue(x, 0, infinity)

/** ReLU's derivative at 0 is 0; for its relatives TensorFlow.js decides. */
const kink = (apply: Operation) => (): Variant[] => [
  { inputs: [floatsOf(0, -0, 1, -1, 6, 7)], apply },
  ...on(apply, [0, 2, -3, 9], WIDE)(),
]

const activations: readonly KernelCase[] = [
  of('Relu', tf.relu, [-2, 2], kink(tf.relu), ['Step']),
  of('Relu6', tf.relu6, [-3, 9], () => [
    ...kink(tf.relu6)(),
    // ONNX Runtime fuses these two.
    ...on((x) => tf.relu6(tf.relu(x)), [-3, 0, 2, 9], [-3, 0, 2, 9])(),
  ]),
  of('Elu', tf.elu, [-2, 2], on(tf.elu, [], WIDE), ['EluGrad']),
  of('Selu', tf.selu, [-2, 2], on(tf.selu, [0, 3, -2], WIDE)),
  of('Sigmoid', tf.sigmoid, [-4, 4], on(tf.sigmoid, [], WIDE)),
  of('Softplus', tf.softplus, [-4, 4], on(tf.softplus, [0, 2, -3], WIDE)),
  of('Tanh', tf.tanh, [-2, 2], on(tf.tanh, [], WIDE)),
  of(
    'LeakyRelu',
    (x) => tf.leakyRelu(x, 0.1),
    [-2, 2],
    kink((x) => tf.leakyRelu(x, 0.3)),
  ),
  of('ClipByValue', clip, [-2, 2], () => [
    ...on(clip, [-1, 0, 1, 4], [nan, infinity, -infinity, -0.5, 1])(),
    ...on(halfLine, [-1, 0, 4], [nan, infinity, -infinity])(),
  ]),
  {
    name: 'Prelu',
    kernels: ['Prelu'],
    variants: (draw) => {
      const apply = (x: Tensor, alpha: Tensor): Tensor => tf.prelu(x, alpha)
      return [
        { inputs: [draw.floats([3, 4]), draw.floats([4], 0.1, 0.5)], apply },
        { inputs: [draw.floats([2, 3, 4]), draw.floats([1, 3, 1], 0.1, 0.5)], apply },
        { inputs: [draw.floats([3, 4]), draw.floats([], 0.1, 0.5)], apply },
        // The result is larger than x, and TensorFlow.js fails to sum the gradient.
        { inputs: [draw.floats([4]), draw.floats([3, 4], 0.1, 0.5)], apply, by: [] },
      ]
    },
  },
]

const tests: KernelCase = {
  name: 'tests of floats',
  kernels: ['IsNan', 'IsInf', 'IsFinite', 'LogicalNot'],
  valueOnly: INTEGER_VALUED,
  variants: (draw) => {
    const apply = (x: Tensor): Tensor[] => [tf.isNaN(x), tf.isInf(x), tf.isFinite(x)]
    return [
      { inputs: [floatsOf(...WIDE)], apply },
      { inputs: [draw.ints([3], -2, 2)], apply },
      { inputs: [draw.bools([2, 3])], apply: (x) => tf.logicalNot(x) },
    ]
  },
}

/** Elementwise kernels of one operand. */
export const unaryCases: readonly KernelCase[] = [...functions, ...activations, tests]
