import { exactSum, type Operation, type Pool, type PoolValue, sameShape } from '../pool.ts'
import { sizeOf } from '../program.ts'

/** Small numbers, some of them twice. */
const literal = (pool: Pool, count: number, limit: number): string =>
  `[${Array.from({ length: count }, () => pool.random.int(limit)).join(', ')}]`

/** A tensor of indices below `limit`: computed of integers, or written out. */
const indices = (pool: Pool, limit: number, rank?: number): { code: string; args: PoolValue[] } => {
  const given = pool.chance(0.5)
    ? pool.integer(
        ({ shape, largest }) =>
          largest < 1000 && (rank === undefined ? shape.length < 3 : shape.length === rank),
      )
    : undefined
  if (given !== undefined) return { code: `tf.mod($1.abs(), tf.scalar(${limit}, 'int32'))`, args: [given] }
  if (rank !== 1 && pool.chance(0.15))
    return { code: `tf.scalar(${pool.random.int(limit)}, 'int32')`, args: [] }
  return { code: `tf.tensor1d(${literal(pool, pool.between(1, 4), limit)}, 'int32')`, args: [] }
}

const gather: Operation = {
  name: 'gather',
  special: true,
  weight: 2,
  draw: (pool) => {
    const x = pool.any(({ shape }) => shape.length > 0 && shape.length < 5)
    const axis = x && pool.axis(x, (size) => size > 0 && !pool.isOpen(size))
    if (x === undefined || axis === undefined) return undefined
    const { code, args } = indices(pool, x.shape[axis] ?? 1)
    return {
      code: `tf.gather($0, ${code}, ${pool.signed(axis, x.shape.length)})`,
      args: [x, ...args],
      exact: x.exact,
      gradient: x.dtype === 'float32',
    }
  },
}

const batchGather: Operation = {
  name: 'batched gather',
  special: true,
  open: false,
  draw: (pool) => {
    const x = pool.any(({ shape }) => shape.length > 1 && shape.length < 5 && sizeOf(shape) > 0)
    const axis = x && pool.between(1, x.shape.length - 1)
    if (x === undefined || axis === undefined) return undefined
    const [rows = 1, limit] = [x.shape[0], x.shape[axis] ?? 1]
    const picked = `tf.tensor2d(${literal(pool, 2 * rows, limit)}, [${rows}, 2], 'int32')`
    // TensorFlow.js differentiates it where axis and batch are 1.
    return {
      code: `tf.gather($0, ${picked}, ${axis}, 1)`,
      args: [x],
      exact: x.exact,
      gradient: axis === 1 && x.dtype === 'float32',
    }
  },
}

const gatherNd: Operation = {
  name: 'gatherND',
  special: true,
  open: false,
  draw: (pool) => {
    const x = pool.any(({ shape }) => shape.length > 0 && sizeOf(shape) > 0)
    if (x === undefined) return undefined
    const depth = pool.between(1, x.shape.length)
    const limit = Math.min(...x.shape.slice(0, depth))
    const code = `tf.gatherND($0, tf.tensor2d(${literal(pool, 3 * depth, limit)}, [3, ${depth}], 'int32'))`
    return { code, args: [x], exact: x.exact, gradient: false }
  },
}

const oneHot: Operation = {
  name: 'oneHot',
  weight: 2,
  draw: (pool) => {
    const x = pool.integer(({ shape }) => shape.length < 4)
    const settings = pool.one(['3', '4, 2, -1', "2, 1, 0, 'int32'", "3, 1, 0, 'bool'", '1'])
    return x && { code: `tf.oneHot($0, ${settings})`, args: [x], exact: true, gradient: false }
  },
}

const scatterNd: Operation = {
  name: 'scatterND',
  open: false,
  draw: (pool) => {
    const x = pool.any(({ shape, dtype }) => shape.length > 0 && (shape[0] ?? 0) > 0 && dtype !== 'bool')
    if (x === undefined) return undefined
    const [n = 1, ...inner] = x.shape
    const code = `tf.scatterND(tf.tensor2d(${literal(pool, n, 4)}, [${n}, 1], 'int32'), $0, ${pool.shape([4, ...inner])})`
    return { code, args: [x], exact: exactSum(n, x), gradient: false }
  },
}

const tensorScatterUpdate: Operation = {
  name: 'tensorScatterUpdate',
  open: false,
  draw: (pool) => {
    const x = pool.any(({ shape }) => shape.length > 0 && (shape[0] ?? 0) > 0)
    const y =
      x &&
      pool.any(
        ({ shape, dtype }) =>
          dtype === x.dtype &&
          (shape[0] ?? 0) > 0 &&
          sameShape(shape.slice(1), x.shape.slice(1)) &&
          shape.length === x.shape.length,
      )
    if (x === undefined || y === undefined) return undefined
    const n = y.shape[0] ?? 1
    // The copy is there as the cpu backend writes to its operand.
    const target = x.dtype === 'bool' ? 'tf.logicalNot($0)' : '$0.neg()'
    const points = `tf.tensor2d(${literal(pool, n, x.shape[0] ?? 1)}, [${n}, 1], 'int32')`
    const code = `tf.tensorScatterUpdate(${target}, ${points}, $1)`
    return { code, args: [x, y], exact: x.exact && y.exact, gradient: false }
  },
}

const sparseToDense: Operation = {
  name: 'sparseToDense',
  weight: 3,
  open: false,
  draw: (pool) => {
    const x = pool.any(({ shape, dtype }) => shape.length === 1 && (shape[0] ?? 0) > 0 && dtype !== 'bool')
    if (x === undefined) return undefined
    const n = x.shape[0] ?? 1
    const at = pool.random.shuffle(Array.from({ length: n + 2 }, (_, i) => i)).slice(0, n)
    const code = `tf.sparseToDense(tf.tensor1d([${at.join(', ')}], 'int32'), $0, [${n + 2}], tf.scalar(2, '${x.dtype}'))`
    return { code, args: [x], exact: x.exact, gradient: false }
  },
}

const unsortedSegmentSum: Operation = {
  name: 'unsortedSegmentSum',
  open: false,
  draw: (pool) => {
    // Of integers, the cpu backend returns floats, which is no segment sum of TensorFlow's.
    const x = pool.float(({ shape }) => shape.length > 0 && shape.length < 4)
    if (x === undefined) return undefined
    const n = x.shape[0] ?? 1
    const code = `tf.unsortedSegmentSum($0, tf.tensor1d(${literal(pool, n, 3)}, 'int32'), ${pool.between(3, 4)})`
    return { code, args: [x], exact: exactSum(n, x), gradient: x.dtype === 'float32' }
  },
}

const bincount: Operation = {
  name: 'bincount',
  weight: 3,
  open: false,
  draw: (pool) => {
    const rank = pool.between(1, 2)
    const x = pool.integer(
      ({ shape, largest }) => shape.length === rank && sizeOf(shape) > 0 && largest < 1000,
    )
    if (x === undefined) return undefined
    const weights = pool.any(({ shape, dtype }) => sameShape(shape, x.shape) && dtype !== 'bool')
    if (rank === 1 && pool.chance(0.5)) {
      return weights === undefined || pool.chance(0.4)
        ? { code: 'tf.bincount($0.abs(), tf.tensor1d([]), 3)', args: [x], exact: true, gradient: false }
        : {
            code: 'tf.bincount($0.abs(), $1, 3)',
            args: [x, weights],
            exact: exactSum(sizeOf(x.shape), weights),
            gradient: false,
          }
    }
    const none = rank === 1 ? 'tf.tensor1d([])' : 'tf.tensor2d([], [0, 0])'
    return weights === undefined || pool.chance(0.4)
      ? // Of one axis, the cpu backend counts where it is to say whether there is one.
        {
          code: `tf.denseBincount($0.abs(), ${none}, 3, ${rank === 2 && pool.chance(0.5)})`,
          args: [x],
          exact: true,
          gradient: false,
        }
      : {
          code: 'tf.denseBincount($0.abs(), $1, 3)',
          args: [x, weights],
          exact: exactSum(sizeOf(x.shape), weights),
          gradient: false,
        }
  },
}

/** Operations that pick or place elements by index. */
export const indexing: readonly Operation[] = [
  gather,
  batchGather,
  gatherNd,
  oneHot,
  scatterNd,
  tensorScatterUpdate,
  sparseToDense,
  unsortedSegmentSum,
  bincount,
]
