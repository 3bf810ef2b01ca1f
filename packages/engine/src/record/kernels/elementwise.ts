import type { Value } from '../graph.ts'
import type { GraphBuilder } from '../graph-builder.ts'
import type { Translation, TranslationTable } from '../translation.ts'

const unary =
  (op: string): Translation =>
  ({ g, input }) =>
    g.unary(op, input('x'))

const binary =
  (op: string): Translation =>
  ({ g, input }) =>
    g.binary(op, input('a'), input('b'))

const compare =
  (op: string): Translation =>
  ({ g, input }) =>
    g.binary(op, input('a'), input('b'), 'bool')

const scalarLike = (g: GraphBuilder, x: Value, value: number): Value => g.scalar(value, x.dtype)

/** `condition ? a : b`, broadcast. */
const where = (g: GraphBuilder, condition: Value, a: Value, b: Value, shape: readonly number[]): Value =>
  g.node('Where', [condition, a, b], a.dtype, shape)

const select: Translation = ({ g, input }) => {
  const [condition, t, e] = [input('condition'), input('t'), input('e')]
  // A vector condition chooses rows of operands of higher rank.
  const rank = t.shape.length
  const aligned =
    condition.shape.length === rank
      ? condition
      : g.reshape(condition, [
          ...condition.shape,
          ...new Array<number>(rank - condition.shape.length).fill(1),
        ])
  return where(g, aligned, t, e, t.shape)
}

const clip: Translation = ({ g, input, attributes }) => {
  const x = input('x')
  return g.node(
    'Clip',
    [
      x,
      scalarLike(g, x, attributes.number('clipValueMin')),
      scalarLike(g, x, attributes.number('clipValueMax')),
    ],
    x.dtype,
    x.shape,
  )
}

/** 0 below, `alpha`, and 1 above: TensorFlow.js's Step gives 1 for positives, `alpha` otherwise, NaN for NaN. */
const step: Translation = ({ g, input, attributes }) => {
  const x = input('x')
  const positive = g.binary('Greater', x, scalarLike(g, x, 0), 'bool')
  const alpha = attributes.has('alpha') ? attributes.number('alpha') : 0
  if (alpha === 0) return g.cast(positive, x.dtype)
  return where(g, positive, scalarLike(g, x, 1), scalarLike(g, x, alpha), x.shape)
}

const elu: Translation = ({ g, input }) => g.unary('Elu', input('x'))

/** dy · (y ≥ 0 ? 1 : y + 1). */
const eluGrad: Translation = ({ g, input }) => {
  const [dy, y] = [input('dy'), input('y')]
  const positive = g.binary('GreaterOrEqual', y, scalarLike(g, y, 0), 'bool')
  return where(g, positive, dy, g.binary('Mul', dy, g.binary('Add', y, scalarLike(g, y, 1))), y.shape)
}

const clippedRelu: Translation = ({ g, input }) => {
  const x = input('x')
  return g.node('Clip', [x, scalarLike(g, x, 0), scalarLike(g, x, 6)], x.dtype, x.shape)
}

/** ONNX's Mod with fmod=0 wants integers; floats take a - floor(a / b) · b, whose sign is the divisor's. */
const mod: Translation = ({ g, input }) => {
  const [a, b] = [input('a'), input('b')]
  if (a.dtype === 'int32') return g.binary('Mod', a, b)
  const quotient = g.unary('Floor', g.binary('Div', a, b))
  return g.binary('Sub', a, g.binary('Mul', quotient, b))
}

const floorDiv: Translation = ({ g, input }) => {
  const [a, b] = [g.cast(input('a'), 'float32'), g.cast(input('b'), 'float32')]
  return g.cast(g.unary('Floor', g.binary('Div', a, b)), 'int32')
}

/** Quadrant-aware arc tangent from Atan: ONNX has no Atan2. */
const atan2: Translation = ({ g, input }) => {
  const [y, x] = [input('a'), input('b')]
  const base = g.unary('Atan', g.binary('Div', y, x))
  const zero = g.scalar(0)
  const negativeX = g.binary('Less', x, zero, 'bool')
  const turn = where(
    g,
    g.binary('GreaterOrEqual', y, zero, 'bool'),
    g.scalar(Math.PI),
    g.scalar(-Math.PI),
    y.shape,
  )
  const shift = where(g, negativeX, turn, zero, base.shape)
  return g.binary('Add', base, shift)
}

/** Elementwise kernels: one or more operands of equal or broadcast shape. */
export const elementwise: TranslationTable = {
  Abs: unary('Abs'),
  Acos: unary('Acos'),
  Acosh: unary('Acosh'),
  Asin: unary('Asin'),
  Asinh: unary('Asinh'),
  Atan: unary('Atan'),
  Atanh: unary('Atanh'),
  Ceil: unary('Ceil'),
  Cos: unary('Cos'),
  Cosh: unary('Cosh'),
  Erf: unary('Erf'),
  Exp: unary('Exp'),
  Floor: unary('Floor'),
  Log: unary('Log'),
  Neg: unary('Neg'),
  Reciprocal: unary('Reciprocal'),
  Relu: unary('Relu'),
  Round: unary('Round'),
  Sigmoid: unary('Sigmoid'),
  Sign: unary('Sign'),
  Sin: unary('Sin'),
  Sinh: unary('Sinh'),
  Softplus: unary('Softplus'),
  Sqrt: unary('Sqrt'),
  Tan: unary('Tan'),
  Tanh: unary('Tanh'),
  Elu: elu,
  EluGrad: eluGrad,
  Relu6: clippedRelu,
  Expm1: ({ g, input }) => g.binary('Sub', g.unary('Exp', input('x')), g.scalar(1)),
  Log1p: ({ g, input }) => g.unary('Log', g.binary('Add', input('x'), g.scalar(1))),
  Rsqrt: ({ g, input }) => g.unary('Reciprocal', g.unary('Sqrt', input('x'))),
  Square: ({ g, input }) => g.binary('Mul', input('x'), input('x')),
  Selu: ({ g, input }) => g.unary('Selu', input('x')),
  LeakyRelu: ({ g, input, attributes }) =>
    g.unary('LeakyRelu', input('x'), 'float32', {
      attributes: { alpha: { float: attributes.number('alpha') } },
    }),
  Prelu: ({ g, input }) => g.node('PRelu', [input('x'), input('alpha')], 'float32', input('x').shape),
  Step: step,
  ClipByValue: clip,
  IsNan: ({ g, input }) => g.unary('IsNaN', input('x'), 'bool'),
  IsInf: ({ g, input }) => g.unary('IsInf', input('x'), 'bool'),
  IsFinite: ({ g, input }) => {
    const x = input('x')
    return g.unary('Not', g.binary('Or', g.unary('IsNaN', x, 'bool'), g.unary('IsInf', x, 'bool')))
  },
  LogicalNot: ({ g, input }) => g.unary('Not', input('x')),
  Add: binary('Add'),
  Sub: binary('Sub'),
  Multiply: binary('Mul'),
  RealDiv: binary('Div'),
  Pow: binary('Pow'),
  Maximum: binary('Max'),
  Minimum: binary('Min'),
  Mod: mod,
  FloorDiv: floorDiv,
  Atan2: atan2,
  SquaredDifference: ({ g, input }) => {
    const difference = g.binary('Sub', input('a'), input('b'))
    return g.binary('Mul', difference, difference)
  },
  AddN: ({ g, inputs }) =>
    inputs.slice(1).reduce((sum, x) => g.binary('Add', sum, x), inputs[0] ?? g.scalar(0)),
  Equal: compare('Equal'),
  Greater: compare('Greater'),
  GreaterEqual: compare('GreaterOrEqual'),
  Less: compare('Less'),
  LessEqual: compare('LessOrEqual'),
  LogicalAnd: compare('And'),
  LogicalOr: compare('Or'),
  NotEqual: ({ g, input }) => g.unary('Not', g.binary('Equal', input('a'), input('b'), 'bool')),
  Select: select,
  Cast: ({ g, input, attributes }) => {
    const dtype = attributes.text('dtype')
    return g.cast(input('x'), dtype === 'int32' || dtype === 'bool' ? dtype : 'float32')
  },
  Identity: ({ input }) => input('x'),
  StopGradient: ({ input }) => input('x'),
  ZerosLike: ({ g, input }) => g.fill(0, input('x').dtype, input('x').shape),
  OnesLike: ({ g, input }) => g.fill(1, input('x').dtype, input('x').shape),
}
