import type { Value } from '../graph.ts'
import type { GraphBuilder } from '../graph-builder.ts'
import type { Translation, TranslationTable } from '../translation.ts'
import { inFloat, numeric } from './numeric.ts'
import { where } from './where.ts'

/** An ONNX operator on floats. */
const float =
  (op: string): Translation =>
  ({ g, input, kernel }) =>
    inFloat(g, kernel, input('x'), (x) => g.unary(op, x))

const computed =
  (compute: (g: GraphBuilder, x: Value) => Value): Translation =>
  ({ g, input, kernel }) =>
    inFloat(g, kernel, input('x'), (x) => compute(g, x))

/** An ONNX operator on floats and integers. */
const plain =
  (op: string): Translation =>
  ({ g, input, kernel }) =>
    g.unary(op, numeric(kernel, input('x')))

/** Rounding leaves integers unchanged. */
const rounding =
  (op: string): Translation =>
  ({ g, input, kernel }) => {
    const x = numeric(kernel, input('x'))
    return x.dtype === 'int32' ? x : g.unary(op, x)
  }

const test =
  (op: (g: GraphBuilder, x: Value) => Value): Translation =>
  ({ g, input }) =>
    op(g, g.cast(input('x'), 'float32'))

const isNan = (g: GraphBuilder, x: Value): Value => g.unary('IsNaN', x, 'bool')
const isInf = (g: GraphBuilder, x: Value): Value => g.unary('IsInf', x, 'bool')

/** log(1 + x) = 2 · artanh(x / (2 + x)), which keeps the digits that 1 + x loses for small x. */
const log1p = (g: GraphBuilder, x: Value): Value => {
  const small = g.binary('Less', g.unary('Abs', x), g.scalar(0.5), 'bool')
  const ratio = g.binary('Div', x, g.binary('Add', x, g.scalar(2)))
  const precise = g.binary('Mul', g.unary('Atanh', ratio), g.scalar(2))
  return where(g, small, precise, g.unary('Log', g.binary('Add', x, g.scalar(1))))
}

/** exp(x) - 1 = tanh(x / 2) · (exp(x) + 1), which keeps the digits that exp(x) loses for small x. */
const expm1 = (g: GraphBuilder, x: Value): Value =>
  g.binary(
    'Mul',
    g.unary('Tanh', g.binary('Mul', x, g.scalar(0.5))),
    g.binary('Add', g.unary('Exp', x), g.scalar(1)),
  )

/** 1 above zero, `alpha` elsewhere. NaN does not give NaN as in TensorFlow.js, which would cost every ReLU a pass. */
const step: Translation = ({ g, input, attributes, kernel }) => {
  const x = numeric(kernel, input('x'))
  const positive = g.binary('Greater', x, g.scalar(0, x.dtype), 'bool')
  const alpha = attributes.has('alpha') ? attributes.number('alpha') : 0
  return alpha === 0
    ? g.cast(positive, x.dtype)
    : where(g, positive, g.scalar(1, x.dtype), g.scalar(alpha, x.dtype))
}

const clip: Translation = ({ g, input, attributes, kernel }) => {
  const x = numeric(kernel, input('x'))
  const bound = (name: string): Value => {
    const value = attributes.number(name)
    return g.scalar(
      x.dtype === 'int32' ? Math.min(Math.max(Math.trunc(value), -(2 ** 31)), 2 ** 31 - 1) : value,
      x.dtype,
    )
  }
  return g.node('Clip', [x, bound('clipValueMin'), bound('clipValueMax')], x.dtype, x.shape)
}

/** Elementwise kernels of one operand. Activations have a table of their own. */
export const unary: TranslationTable = {
  Abs: plain('Abs'),
  Neg: plain('Neg'),
  Sign: plain('Sign'),
  Ceil: rounding('Ceil'),
  Floor: rounding('Floor'),
  Round: rounding('Round'),
  Acos: float('Acos'),
  Acosh: float('Acosh'),
  Asin: float('Asin'),
  Asinh: float('Asinh'),
  Atan: float('Atan'),
  Atanh: float('Atanh'),
  Cos: float('Cos'),
  Cosh: float('Cosh'),
  Erf: float('Erf'),
  // In TensorFlow.js, only Exp of these gives floats for integers.
  Exp: ({ g, input, kernel }) => inFloat(g, kernel, input('x'), (x) => g.unary('Exp', x), 'float32'),
  Expm1: computed(expm1),
  Log: float('Log'),
  Log1p: computed(log1p),
  Reciprocal: float('Reciprocal'),
  Rsqrt: computed((g, x) => g.unary('Reciprocal', g.unary('Sqrt', x))),
  Sin: float('Sin'),
  Sinh: float('Sinh'),
  Sqrt: float('Sqrt'),
  Tan: float('Tan'),
  Square: ({ g, input, kernel }) => {
    const x = numeric(kernel, input('x'))
    return g.binary('Mul', x, x)
  },
  Step: step,
  ClipByValue: clip,
  IsNan: test(isNan),
  IsInf: test(isInf),
  IsFinite: test((g, x) => g.not(g.binary('Or', isNan(g, x), isInf(g, x)))),
  LogicalNot: ({ g, input }) => g.not(input('x')),
}
