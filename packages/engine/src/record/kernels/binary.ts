import type { GraphDType, Value } from '../graph.ts'
import { broadcastShape, type GraphBuilder } from '../graph-builder.ts'
import type { KernelCall, Translation, TranslationTable } from '../translation.ts'
import { numeric, withoutBool } from './numeric.ts'
import { where } from './where.ts'

const operands = ({ input, kernel }: KernelCall): readonly [Value, Value] => [
  numeric(kernel, input('a')),
  numeric(kernel, input('b')),
]

const arithmetic =
  (op: string): Translation =>
  (call) => {
    const [a, b] = operands(call)
    return call.g.binary(op, a, b)
  }

const compare =
  (op: string): Translation =>
  ({ g, input }) =>
    g.binary(op, withoutBool(g, input('a')), withoutBool(g, input('b')), 'bool')

const logical =
  (op: string): Translation =>
  ({ g, input }) =>
    g.binary(op, input('a'), input('b'), 'bool')

/** The product of two masks is their conjunction. */
const multiply: Translation = ({ g, input }) => {
  const [a, b] = [input('a'), input('b')]
  return a.dtype === 'bool' && b.dtype === 'bool' ? g.binary('And', a, b) : g.binary('Mul', a, b)
}

/** ONNX's Mod of floats has the sign of the dividend, TensorFlow.js's that of the divisor. */
const mod: Translation = (call) => {
  const { g } = call
  const [a, b] = operands(call)
  if (a.dtype === 'int32') return integerDivision(g, a, b, (divisor) => g.binary('Mod', a, divisor))
  const shape = broadcastShape(a.shape, b.shape)
  const rest = g.node('Mod', [a, b], 'float32', shape, { attributes: { fmod: 1 } })
  const opposite = g.binary('Less', g.binary('Mul', rest, b), g.scalar(0), 'bool')
  return where(g, opposite, g.binary('Add', rest, b), rest)
}

/** Integer division by zero ends the process in ONNX Runtime and gives zero in TensorFlow.js. */
const integerDivision = (g: GraphBuilder, a: Value, b: Value, divide: (divisor: Value) => Value): Value => {
  const divisor = g.fillOf(b)
  if (divisor !== undefined && divisor !== 0) return divide(b)
  const zero = g.binary('Equal', b, g.scalar(0, b.dtype), 'bool')
  return where(g, zero, g.scalar(0, a.dtype), divide(where(g, zero, g.scalar(1, b.dtype), b)))
}

/** Rounds down, where ONNX's division of integers cuts towards zero. */
const floorDiv: Translation = (call) => {
  const { g } = call
  const [a, b] = operands(call)
  if (a.dtype === 'float32') return g.cast(g.unary('Floor', g.binary('Div', a, b)), 'int32')
  const zero = g.scalar(0, 'int32')
  const isNegative = (x: Value): Value => g.binary('Less', x, zero, 'bool')
  return integerDivision(g, a, b, (divisor) => {
    const hasRest = g.not(g.binary('Equal', g.binary('Mod', a, divisor), zero, 'bool'))
    const above = g.binary('And', hasRest, g.binary('Xor', isNegative(a), isNegative(divisor)))
    return g.binary('Sub', g.binary('Div', a, divisor), g.cast(above, 'int32'))
  })
}

/** Quadrant-aware arc tangent from Atan: ONNX has no Atan2. */
const atan2: Translation = ({ g, input }) => {
  const [y, x] = [g.cast(input('a'), 'float32'), g.cast(input('b'), 'float32')]
  const zero = g.scalar(0)
  const origin = g.binary('And', g.binary('Equal', y, zero, 'bool'), g.binary('Equal', x, zero, 'bool'))
  const base = where(g, origin, zero, g.unary('Atan', g.binary('Div', y, x)))
  const upper = g.binary('GreaterOrEqual', y, zero, 'bool')
  const turn = where(g, upper, g.scalar(Math.PI), g.scalar(-Math.PI))
  return g.binary('Add', base, where(g, g.binary('Less', x, zero, 'bool'), turn, zero))
}

const squaredDifference: Translation = (call) => {
  const [a, b] = operands(call)
  const difference = call.g.binary('Sub', a, b)
  return call.g.binary('Mul', difference, difference)
}

/** From the narrowest on, as TensorFlow.js widens types. */
const ORDER: readonly GraphDType[] = ['bool', 'int32', 'float32']

const select: Translation = ({ g, input }) => {
  const [condition, t, e] = [input('condition'), input('t'), input('e')]
  const dtype = ORDER.indexOf(t.dtype) >= ORDER.indexOf(e.dtype) ? t.dtype : e.dtype
  return where(g, condition, g.cast(t, dtype), g.cast(e, dtype))
}

/** Elementwise kernels of two or more operands, broadcast as NumPy does. */
export const binary: TranslationTable = {
  Add: arithmetic('Add'),
  Sub: arithmetic('Sub'),
  Multiply: multiply,
  RealDiv: arithmetic('Div'),
  Pow: arithmetic('Pow'),
  Maximum: arithmetic('Max'),
  Minimum: arithmetic('Min'),
  Mod: mod,
  FloorDiv: floorDiv,
  Atan2: atan2,
  SquaredDifference: squaredDifference,
  AddN: ({ g, inputs }) =>
    inputs.slice(1).reduce((sum, x) => g.binary('Add', sum, x), inputs[0] ?? g.scalar(0)),
  BitwiseAnd: arithmetic('BitwiseAnd'),
  // Equal alone knows booleans.
  Equal: ({ g, input }) => g.binary('Equal', input('a'), input('b'), 'bool'),
  NotEqual: ({ g, input }) => g.not(g.binary('Equal', input('a'), input('b'), 'bool')),
  Greater: compare('Greater'),
  GreaterEqual: compare('GreaterOrEqual'),
  Less: compare('Less'),
  LessEqual: compare('LessOrEqual'),
  LogicalAnd: logical('And'),
  LogicalOr: logical('Or'),
  Select: select,
}
