import {
  awayFrom,
  broadcasts,
  type Candidate,
  exactlyAdded,
  exactSum,
  type Operation,
  type Pool,
  type PoolValue,
  sameShape,
} from '../pool.ts'
import { sizeOf } from '../program.ts'
import { preparation } from './unary.ts'

type Pair = readonly [PoolValue, PoolValue]

/** Two values that can be broadcast together; often one value twice. */
const pair = (pool: Pool, test: (value: PoolValue) => boolean): Pair | undefined => {
  const a = pool.pick(test)
  if (a === undefined) return undefined
  if (pool.chance(0.08)) return [a, a]
  const b = pool.pick((value) => test(value) && broadcasts(a.shape, value.shape))
  if (b === undefined) return undefined
  return pool.chance(0.5) ? [a, b] : [b, a]
}

const numbers = ({ dtype }: PoolValue): boolean => dtype !== 'bool'
const floats = ({ dtype }: PoolValue): boolean => dtype === 'float32'

const ofPairs = (
  name: string,
  test: (value: PoolValue) => boolean,
  call: (pair: Pair, pool: Pool) => Omit<Candidate, 'args'> | undefined,
  { special = false, weight = 1 }: { special?: boolean | undefined; weight?: number | undefined } = {},
): Operation => ({
  name,
  special,
  weight,
  draw: (pool) => {
    const operands = pair(pool, test)
    const called = operands && call(operands, pool)
    return called && { ...called, args: operands }
  },
})

const exactNumbers = (value: PoolValue): boolean => value.exact && numbers(value)

/** The gradients of some operations take operands of one shape only. */
const differentiable = ([a, b]: Pair): boolean => sameShape(a.shape, b.shape) && floats(a) && floats(b)

/** Whether no elements of two values are so near each other that rounding could exchange them. */
const apart = ([a, b]: Pair): boolean => {
  if (a.exact && b.exact) return true
  const [low, high] = [Math.min(...Array.from(b.data)), Math.max(...Array.from(b.data))]
  return Array.from(a.data).every(
    (x) => x > high + 1e-3 * (1 + Math.abs(high)) || x < low - 1e-3 * (1 + Math.abs(low)),
  )
}

const extreme = (name: string): Operation =>
  ofPairs(
    name,
    () => true,
    (operands) => ({
      code: `tf.${name}($0, $1)`,
      exact: operands.every(({ exact }) => exact),
      gradient: differentiable(operands) && apart(operands),
    }),
    { special: true },
  )

const comparison = (name: string): Operation =>
  ofPairs(
    name,
    ({ exact }) => exact,
    () => ({ code: `tf.${name}($0, $1)`, exact: true, gradient: false }),
    { special: true },
  )

const logical = (name: string): Operation =>
  ofPairs(
    name,
    ({ dtype }) => dtype === 'bool',
    () => ({ code: `tf.${name}($0, $1)`, exact: true, gradient: false }),
  )

const isAwayFromZero = ({ data }: PoolValue): boolean => Array.from(data).every((x) => Math.abs(x) > 0.2)

const division: Operation = {
  name: 'div',
  special: true,
  weight: 2,
  draw: (pool) => {
    const operands = pair(pool, floats)
    if (operands === undefined) return undefined
    const [, b] = operands
    return { code: 'tf.div($0, $1)', args: operands, prepare: [undefined, preparation(pool, b, 'positive')] }
  },
}

/** Numbers that stand beside a tensor, among them all that change nothing. */
const SCALARS = ['0', '-0', '1', '-1', '2', '0.5', '-3', '0.1', '8'] as const

/** An operation of a tensor and a number, on either side. */
const withNumber: Operation = {
  name: 'number',
  special: true,
  weight: 3,
  draw: (pool) => {
    const x = pool.pick(numbers)
    if (x === undefined) return undefined
    const number = pool.one(x.dtype === 'int32' ? (['0', '1', '-1', '2', '-3', '8'] as const) : SCALARS)
    const scalar = x.dtype === 'int32' ? `tf.scalar(${number}, 'int32')` : number
    const op = pool.one(['add', 'sub', 'mul', 'div'] as const)
    const dyadic = number !== '0.1'
    if (op !== 'div') {
      const exact = x.exact && dyadic && x.largest * 2 ** x.grain < 2 ** 20
      return { code: pool.chance(0.5) ? `$0.${op}(${scalar})` : `tf.${op}(${scalar}, $0)`, args: [x], exact }
    }
    if (Number(number) === 0 && x.dtype === 'float32' && !pool.special) return undefined
    const power = ['1', '-1', '2', '0.5', '8'].includes(number)
    return {
      code: `$0.div(${scalar})`,
      args: [x],
      exact: x.exact && (x.dtype === 'int32' || (power && x.grain < 12)),
      gradient: x.dtype === 'float32',
    }
  },
}

const where: Operation = {
  name: 'where',
  special: true,
  weight: 2,
  draw: (pool) => {
    const condition = pool.bool()
    // TensorFlow.js makes one element of none where it broadcasts here.
    if (condition === undefined || sizeOf(condition.shape) === 0) return undefined
    const a = pool.any(({ shape }) => broadcasts(shape, condition.shape))
    const b = a && pool.any(({ shape }) => broadcasts(shape, condition.shape) && broadcasts(shape, a.shape))
    if (a === undefined || b === undefined) return undefined
    if (sizeOf(a.shape) === 0 || sizeOf(b.shape) === 0) return undefined
    return {
      code: 'tf.where($0, $1, $2)',
      args: [condition, a, b],
      exact: a.exact && b.exact,
      gradient: floats(a) && floats(b),
    }
  },
}

const addN: Operation = {
  name: 'addN',
  special: true,
  draw: (pool) => {
    const a = pool.pick(numbers)
    const b = a && pool.any(({ shape, dtype }) => sameShape(shape, a.shape) && dtype === a.dtype)
    if (a === undefined || b === undefined) return undefined
    return pool.chance(0.5)
      ? {
          code: 'tf.addN([$0, $1, $0])',
          args: [a, b],
          exact: exactlyAdded(a, b) && exactSum(3, a) && exactSum(3, b),
        }
      : { code: 'tf.addN([$0])', args: [a], exact: a.exact }
  },
}

/** Elementwise operations of two or more operands. */
export const binary: readonly Operation[] = [
  ofPairs('add', numbers, ([a, b]) => ({ code: '$0.add($1)', exact: exactlyAdded(a, b) }), {
    special: true,
    weight: 4,
  }),
  ofPairs('sub', numbers, ([a, b]) => ({ code: '$0.sub($1)', exact: exactlyAdded(a, b) }), {
    special: true,
    weight: 3,
  }),
  ofPairs(
    'mul',
    () => true,
    ([a, b]) => ({ code: '$0.mul($1)', exact: exactSum(1, a, b) }),
    { special: true, weight: 4 },
  ),
  division,
  withNumber,
  where,
  addN,
  extreme('maximum'),
  extreme('minimum'),
  ofPairs(
    'squaredDifference',
    numbers,
    (operands) => ({
      code: 'tf.squaredDifference($0, $1)',
      exact:
        exactlyAdded(...operands) &&
        exactSum(4, operands[0], operands[0]) &&
        exactSum(4, operands[1], operands[1]),
      gradient: differentiable(operands),
    }),
    { special: true },
  ),
  ofPairs('pow', numbers, ([a, b], pool) => {
    if (a.dtype === 'int32' && b.dtype === 'int32') {
      // Beyond float32's integers, engines round differently.
      return pool.open || a.largest ** b.largest > 2 ** 24
        ? undefined
        : { code: 'tf.pow($0, $1.abs())', exact: true, gradient: false }
    }
    if (a.dtype !== 'float32' || b.dtype !== 'float32') return undefined
    return {
      code: 'tf.pow($0, $1)',
      prepare: [preparation(pool, a, 'positive'), preparation(pool, b, 'small')],
    }
  }),
  {
    name: 'pow of a number',
    draw: (pool) => {
      const x = pool.float(({ largest }) => largest < 20)
      const exponent = pool.one([0, 1, 2, 3])
      return x && { code: `$0.pow(${exponent})`, args: [x], gradient: exponent > 1 || awayFrom(x, 0) }
    },
  },
  ofPairs('mod', exactNumbers, ([a, b], pool) => {
    if (a.dtype !== b.dtype) return undefined
    if (a.dtype === 'int32') return { code: 'tf.mod($0, $1)', exact: true, gradient: false }
    return !pool.special && (pool.open || !isAwayFromZero(b))
      ? { code: 'tf.mod($0, $1.abs().add(0.5))', exact: true }
      : { code: 'tf.mod($0, $1)', exact: true }
  }),
  ofPairs('floorDiv', exactNumbers, ([a, b], pool) => {
    if (a.dtype !== b.dtype) return undefined
    if (a.dtype === 'int32') return { code: 'tf.floorDiv($0, $1)', exact: true, gradient: false }
    if (pool.open || !isAwayFromZero(b)) return undefined
    return { code: 'tf.floorDiv($0, $1)', exact: true, gradient: false }
  }),
  ofPairs(
    'integer division',
    ({ dtype }) => dtype === 'int32',
    ([a, b]) =>
      a.dtype === 'int32' && b.dtype === 'int32'
        ? { code: '$0.div($1)', exact: true, gradient: false }
        : undefined,
  ),
  ofPairs('atan2', floats, (operands, pool) =>
    // Engines may compute either zero, and the angle jumps between them.
    operands.every((operand) => operand.given || (operand.settled && isAwayFromZero(operand)))
      ? { code: 'tf.atan2($0, $1)', gradient: !pool.special && operands.every(isAwayFromZero) }
      : undefined,
  ),
  ofPairs(
    'bitwiseAnd',
    ({ dtype }) => dtype === 'int32',
    ([a, b]) =>
      sameShape(a.shape, b.shape)
        ? { code: 'tf.bitwiseAnd($0, $1)', exact: true, gradient: false }
        : undefined,
  ),
  ofPairs('prelu', floats, ([a, b]) =>
    awayFrom(a, 0)
      ? {
          code: 'tf.prelu($0, $1)',
          exact: exactSum(1, a, b),
          // TensorFlow.js fails to sum the gradient where the result is larger than x.
          gradient: sameShape(a.shape, b.shape) || b.shape.length === 0,
        }
      : undefined,
  ),
  ...['equal', 'notEqual', 'greater', 'greaterEqual', 'less', 'lessEqual'].map(comparison),
  ...['logicalAnd', 'logicalOr', 'logicalXor'].map(logical),
]
