import type { Operation, Pool } from '../pool.ts'
import { type DType, sizeOf } from '../program.ts'

const dtype = (pool: Pool): DType => pool.one(['float32', 'float32', 'int32', 'bool'] as const)

/** The shape of a value, or that with axes of length 1. */
const shapeLike = (pool: Pool): string | undefined => {
  const like = pool.any()
  return like && pool.shape(like.shape.map((d) => (pool.chance(0.2) ? 1 : d)))
}

const made = (name: string, code: (pool: Pool) => string | undefined, weight = 1): Operation => ({
  name,
  weight,
  draw: (pool) => {
    const text = code(pool)
    return text === undefined ? undefined : { code: text, args: [], exact: true }
  },
})

const like = (name: string): Operation => ({
  name,
  weight: 2,
  draw: (pool) => {
    const x = pool.any()
    return x && { code: `tf.${name}($0)`, args: [x], exact: true, gradient: x.dtype === 'float32' }
  },
})

const cast: Operation = {
  name: 'cast',
  special: true,
  weight: 4,
  draw: (pool) => {
    const to = dtype(pool)
    const x = pool.any(
      (value) =>
        value.exact && value.dtype !== to && !(to === 'int32' && value.special) && value.largest < 2 ** 24,
    )
    return x && { code: `$0.cast('${to}')`, args: [x], exact: true, gradient: false }
  },
}

/** Operations that make tensors from nothing, or from the shape or type of another. */
export const creations: readonly Operation[] = [
  made('zeros', (pool) => {
    const shape = shapeLike(pool)
    return shape && `tf.zeros(${shape}, '${dtype(pool)}')`
  }),
  made(
    'fill',
    (pool) => {
      const shape = shapeLike(pool)
      const type = dtype(pool)
      const element =
        type === 'bool' ? pool.one(['0', '1']) : pool.one(['0', '-0', '1', '-1', '2.5', '-3.75', '4'])
      return shape && `tf.fill(${shape}, ${element}, '${type}')`
    },
    2,
  ),
  made('constant', (pool) => {
    const n = pool.between(1, 4)
    const elements = Array.from({ length: n }, () => pool.one(['0', '-0', '1', '2', '-1.5', '0.25']))
    return pool.chance(0.2) ? `tf.scalar(${elements[0]})` : `tf.tensor1d([${elements.join(', ')}])`
  }),
  made(
    'range',
    (pool) =>
      `tf.range(${pool.one(["0, 4, 1, 'int32'", '0, 2, 0.5', '3, 0', '-1, 2', "5, 0, -2, 'int32'"])})`,
  ),
  made('linspace', (pool) => `tf.linspace(${pool.one(['0, 1, 5', '-1, 1, 3', '2, 2, 1'])})`),
  like('zerosLike'),
  like('onesLike'),
  cast,
  {
    name: 'diag',
    special: true,
    open: false,
    draw: (pool) => {
      const x = pool.any(({ shape }) => shape.length > 0 && shape.length < 3 && sizeOf(shape) < 13)
      return x && { code: 'tf.diag($0)', args: [x], exact: x.exact, gradient: false }
    },
  },
]
