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

/** ONNX's Mod of floats has the sign of the dividend; TensorFlow.js's has that of the divisor. */
const mod: Translation = (call) => {
  const { g } = call
  const [a, b] = operands(call)
  if (a.dtype === 'int32') {
    return integerDivision(g, b, g.scalar(0, 'int32'), (divisor) => g.binary('Mod', a, divisor))
  }
  const shape = broadcastShape(a.shape, b.shape)
  const rest = g.node('Mod', [a, b], 'float32', shape, { attributes: { fmod: 1 } })
  const opposite = g.binary('Less', g.binary('Mul', rest, b), g.scalar(0), 'bool')
  return where(g, opposite, g.binary('Add', rest, b), rest)
}

/**
 * Integer division by zero ends the process in ONNX Runtime and gives zero in TensorFlow.js. Division of the lowest
 * integer by -1, whose quotient fits no int32, does the same. Both divisors are replaced by 1.
 *
 * @param byMinusOne the result if the divisor is -1
 */
const integerDivision = (
  g: GraphBuilder,
  b: Value,
  byMinusOne: Value,
  divide: (divisor: Value) => Value,
): Value => {
  const known = g.fillOf(b)
  if (known !== undefined && known !== 0 && known !== -1) return divide(b)
  const is = (element: number): Value => g.binary('Equal', b, g.scalar(element, b.dtype), 'bool')
  const [zero, minusOne] = [is(0), is(-1)]
  const divisor = where(g, g.binary('Or', zero, minusOne), g.scalar(1, b.dtype), b)
  return where(g, zero, g.scalar(0, b.dtype), where(g, minusOne, byMinusOne, divide(divisor)))
}

/** Rounds down; ONNX's division of integers truncates towards zero. */
const floorDiv: Translation = (call) => {
  const { g } = call
  const [a, b] = operands(call)
  if (a.dtype === 'float32') return g.cast(g.unary('Floor', g.binary('Div', a, b)), 'int32')
  const zero = g.scalar(0, 'int32')
  const isNegative = (x: Value): Value => g.binary('Less', x, zero, 'bool')
  return integerDivision(g, b, g.unary('Neg', a), (divisor) => {
    const hasRest = g.not(g.binary('Equal', g.binary('Mod', a, divisor), zero, 'bool'))
    const above = g.binary('And', hasRest, g.binary('Xor', isNegative(a), isNegative(divisor)))
    return g.binary('Sub', g.binary('Div', a, divisor), g.cast(above, 'int32'))
  })
}

/** Whether the sign is negative, including that of -0. */
const isSigned = (g: GraphBuilder, x: Value): Value =>
  g.binary(
    'Or',
    g.binary('Less', x, g.scalar(0), 'bool'),
    g.binary('Less', g.unary('Reciprocal', x), g.scalar(0), 'bool'),
    'bool',
  )

/**
 * Quadrant-aware arc tangent from Atan, because ONNX has no Atan2. For integers the result is truncated, as on the cpu
 * backend.
 */
const atan2: Translation = (call) => {
  const { g } = call
  const [a, b] = operands(call)
  const given = [g.cast(a, 'float32'), g.cast(b, 'float32')] as const
  const [y, x] = withoutInfinities(g, ...given)
  const zero = g.scalar(0)
  const origin = g.binary('And', g.binary('Equal', y, zero, 'bool'), g.binary('Equal', x, zero, 'bool'))
  const base = where(g, origin, y, g.unary('Atan', g.binary('Div', y, x)))
  const turn = where(g, isSigned(g, y), g.scalar(-Math.PI), g.scalar(Math.PI))
  const back = where(g, origin, turn, g.binary('Add', base, turn))
  return g.cast(where(g, isSigned(g, x), back, base), a.dtype)
}

/** Replaces two infinities by ones of their signs: the angle is the same, and the quotient of infinities is NaN. */
const withoutInfinities = (g: GraphBuilder, y: Value, x: Value): readonly [Value, Value] => {
  const both = g.binary('And', g.unary('IsInf', y, 'bool'), g.unary('IsInf', x, 'bool'))
  return [where(g, both, g.unary('Sign', y), y), where(g, both, g.unary('Sign', x), x)]
}

const squaredDifference: Translation = (call) => {
  const [a, b] = operands(call)
  const difference = call.g.binary('Sub', a, b)
  return call.g.binary('Mul', difference, difference)
}

/** From narrow to wide, as TensorFlow.js widens types. */
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
  // Only Equal accepts booleans.
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
