import { distinct, exactSum, type Operation, type Pool, type PoolValue } from '../pool.ts'
import { sizeOf } from '../program.ts'
import { preparation } from './unary.ts'

/** Axes as an argument: none, one, several, as a list or not, from the front or the end. */
const axesOf = (pool: Pool, { shape }: PoolValue): readonly number[] | undefined => {
  if (shape.length === 0 || pool.chance(0.25)) return undefined
  const axes = shape.map((_, i) => i).filter(() => pool.chance(0.5))
  return axes.map((axis) => pool.signed(axis, shape.length))
}

const written = (axes: readonly number[] | undefined): string =>
  axes === undefined ? 'undefined' : axes.length === 1 ? `${axes[0]}` : `[${axes.join(', ')}]`

const keep = (pool: Pool): boolean => pool.chance(0.4)

const reduction = (
  name: string,
  test: (value: PoolValue) => boolean,
  exact: (value: PoolValue) => boolean,
  gradient: (value: PoolValue, axes: readonly number[] | undefined, pool: Pool) => boolean = () => true,
  { weight = 1, special = false }: { weight?: number | undefined; special?: boolean | undefined } = {},
): Operation => ({
  name,
  weight,
  special,
  draw: (pool) => {
    const x = pool.pick(test)
    if (x === undefined) return undefined
    const axes = axesOf(pool, x)
    return {
      code: `tf.${name}($0, ${written(axes)}, ${keep(pool)})`,
      args: [x],
      exact: exact(x),
      gradient: x.dtype === 'float32' && gradient(x, axes, pool),
    }
  },
})

/** TensorFlow.js differentiates products over the last axes only, named from the front. */
const isOverLast = ({ shape }: PoolValue, axes: readonly number[] | undefined): boolean =>
  axes === undefined || (axes.length > 0 && axes.every((axis, i) => axis === shape.length - axes.length + i))

const arg = (name: string): Operation => ({
  name,
  draw: (pool) => {
    const x = pool.any(({ exact, shape }) => exact && shape.length > 0)
    const axis = x && pool.axis(x, (size) => size > 0)
    if (x === undefined || axis === undefined) return undefined
    return {
      code: `tf.${name}($0, ${pool.signed(axis, x.shape.length)})`,
      args: [x],
      exact: true,
      gradient: false,
    }
  },
})

const running = (name: 'cumsum' | 'cumprod'): Operation => ({
  name,
  // The number of doublings of a running product depends on its length.
  open: name === 'cumsum',
  draw: (pool) => {
    const x = pool.any(({ shape, dtype }) => shape.length > 0 && (name === 'cumsum' || dtype !== 'bool'))
    const axis = x && pool.axis(x)
    if (x === undefined || axis === undefined) return undefined
    const last = axis === x.shape.length - 1
    return {
      code: `tf.${name}($0, ${axis}, ${pool.chance(0.4)}, ${pool.chance(0.4)})`,
      args: [x],
      exact: name === 'cumsum' ? exactSum(x.shape[axis] ?? 1, x) : x.dtype === 'int32',
      // TensorFlow.js's gradient transposes the result where the axis is not the last.
      gradient: name === 'cumsum' && last && x.dtype === 'float32',
    }
  },
})

const overRows = (name: string, code: string): Operation => ({
  name,
  draw: (pool) => {
    const x = pool.float(({ shape }) => shape.length > 0 && sizeOf(shape) > 0)
    return x && { code, args: [x], prepare: [preparation(pool, x, 'unsaturated')] }
  },
})

const topK: Operation = {
  name: 'topk',
  draw: (pool) => {
    const x = pool.any(
      ({ exact, shape, dtype }) =>
        exact && shape.length > 0 && sizeOf(shape) > 0 && dtype !== 'bool' && !pool.isOpen(shape.at(-1) ?? 0),
    )
    if (x === undefined) return undefined
    const k = pool.between(1, x.shape.at(-1) ?? 1)
    return {
      code: `tf.topk($0, ${k}).${pool.one(['values', 'indices'])}`,
      args: [x],
      exact: true,
      gradient: false,
    }
  },
}

const searchSorted: Operation = {
  name: 'searchSorted',
  weight: 3,
  draw: (pool) => {
    const values = pool.any(({ exact, shape, dtype }) => exact && shape.length === 1 && dtype !== 'bool')
    if (values === undefined) return undefined
    const sorted =
      values.dtype === 'int32' ? "tf.tensor1d([-1, 0, 0, 2], 'int32')" : 'tf.tensor1d([-1, 0, 0, 1.5])'
    return {
      code: `tf.${pool.one(['lowerBound', 'upperBound'])}(${sorted}, $0)`,
      args: [values],
      exact: true,
      gradient: false,
    }
  },
}

/** Operations that combine elements along axes. */
export const reductions: readonly Operation[] = [
  reduction(
    'sum',
    () => true,
    (x) => exactSum(sizeOf(x.shape), x),
    undefined,
    { weight: 4, special: true },
  ),
  reduction(
    'mean',
    () => true,
    () => false,
    undefined,
    { weight: 2, special: true },
  ),
  reduction(
    'prod',
    // Whether 0 times what overflowed is met depends on the order of the factors, and of integers ONNX Runtime gives the
    // largest one where TensorFlow.js wraps.
    ({ dtype, largest, settled, shape }) =>
      settled && largest < 5 && (dtype === 'float32' || largest ** sizeOf(shape) < 2 ** 31),
    ({ dtype }) => dtype !== 'float32',
    isOverLast,
  ),
  // Without elements there is no largest one.
  reduction(
    'max',
    ({ shape }) => sizeOf(shape) > 0,
    ({ exact }) => exact,
    distinct,
    { weight: 2 },
  ),
  reduction(
    'min',
    ({ shape }) => sizeOf(shape) > 0,
    ({ exact }) => exact,
    distinct,
    { weight: 2 },
  ),
  // Of no elements, the cpu backend reads what is behind its array: all of none are true, and none is any.
  reduction(
    'all',
    ({ dtype, shape }) => dtype === 'bool' && sizeOf(shape) > 0,
    () => true,
  ),
  reduction(
    'any',
    ({ dtype, shape }) => dtype === 'bool' && sizeOf(shape) > 0,
    () => true,
  ),
  reduction(
    'logSumExp',
    ({ dtype, shape }) => dtype === 'float32' && sizeOf(shape) > 0,
    () => false,
    distinct,
  ),
  arg('argMax'),
  arg('argMin'),
  overRows('softmax', 'tf.softmax($0)'),
  overRows('logSoftmax', 'tf.logSoftmax($0)'),
  overRows('moments', 'tf.moments($0, -1, true).variance'),
  running('cumsum'),
  running('cumprod'),
  topK,
  searchSorted,
]
