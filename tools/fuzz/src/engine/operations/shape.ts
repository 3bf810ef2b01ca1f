import type { Candidate, Operation, Pool, PoolValue } from '../pool.ts'
import { sizeOf } from '../program.ts'

/** A call that only moves elements: what is exact stays so, and everything is differentiated. */
const moved = (code: string, ...args: readonly PoolValue[]): Candidate => ({
  code,
  args,
  exact: args.every(({ exact }) => exact),
  gradient: args.every(({ dtype }) => dtype === 'float32'),
})

const move = (
  name: string,
  call: (pool: Pool, x: PoolValue) => string | undefined,
  {
    test = () => true,
    ...settings
  }: {
    test?: ((x: PoolValue) => boolean) | undefined
    weight?: number | undefined
    open?: boolean | undefined
  } = {},
): Operation => ({
  name,
  special: true,
  ...settings,
  draw: (pool) => {
    const x = pool.pick(test)
    const code = x && call(pool, x)
    return x && code !== undefined ? moved(code, x) : undefined
  },
})

/** Another shape of the same size: axes merged, split by small factors, and of length 1. */
const reshaped = (pool: Pool, { shape }: PoolValue): readonly number[] => {
  const result: number[] = []
  for (const d of shape) {
    const last = result.at(-1)
    const divisor = [2, 3].find((factor) => d > factor && d % factor === 0)
    if (last !== undefined && pool.chance(0.4)) result[result.length - 1] = last * d
    else if (divisor !== undefined && !pool.isOpen(d) && pool.chance(0.3)) result.push(divisor, d / divisor)
    else if (d !== 1 || pool.chance(0.5)) result.push(d)
    if (pool.chance(0.15)) result.push(1)
  }
  return result.slice(0, 6).length === result.length ? result : [sizeOf(shape)]
}

/** The shape of as many elements as `shape` has, of four axes. */
const asImages = ({ shape }: PoolValue): readonly number[] | undefined => {
  if (sizeOf(shape) === 0) return undefined
  if (shape.length === 4) return shape
  if (shape.length < 4) return [...new Array<number>(4 - shape.length).fill(1), ...shape]
  return [sizeOf(shape.slice(0, -3)), ...shape.slice(-3)]
}

/** A larger shape that `shape` can be broadcast to. */
const widened = (pool: Pool, { shape }: PoolValue): readonly number[] => {
  const own = shape.map((d) => (d === 1 ? pool.one([1, 2, 3, 4]) : d))
  const leading = Array.from({ length: Math.min(2, 5 - own.length) }, () => pool.one([1, 2, 3]))
  return [...leading.slice(0, pool.random.int(leading.length + 1)), ...own]
}

const permutation = (pool: Pool, rank: number): number[] =>
  pool.random.shuffle(Array.from({ length: rank }, (_, i) => i))

const slice = (pool: Pool, { shape }: PoolValue): string | undefined => {
  if (shape.length === 0) return undefined
  const begin = shape.map((d) => (pool.isOpen(d) || d === 0 ? 0 : pool.random.int(d)))
  const size = shape.map((d, i) => {
    const left = d - (begin[i] ?? 0)
    return pool.isOpen(d) || pool.chance(0.4)
      ? -1
      : pool.between(pool.chance(0.05) ? 0 : Math.min(1, left), left)
  })
  return `tf.slice($0, [${begin}], [${size}])`
}

const stridedSlice = (pool: Pool, { shape }: PoolValue): string | undefined => {
  if (shape.length === 0 || shape.some((d) => pool.isOpen(d))) return undefined
  const strides = shape.map(() => pool.one([1, 2, -1, -2]))
  const ends = shape.map((d, i) => {
    const [low, high] = [pool.random.int(Math.max(1, d)), pool.between(0, d)]
    return (strides[i] ?? 1) > 0 ? [low, high] : [high - 1, low - 1 - d]
  })
  const begin = ends.map(([from]) => from)
  const end = ends.map(([, to]) => to)
  const mask = (): number => pool.random.int(2 ** shape.length)
  return `tf.stridedSlice($0, [${begin}], [${end}], [${strides}], ${mask()}, ${mask()})`
}

const paddings = (pool: Pool, { shape }: PoolValue, limit: (size: number) => number): string =>
  `[${shape
    .map((d) => {
      const most = limit(d)
      return pool.isOpen(d) ? '[0, 0]' : `[${pool.between(0, most)}, ${pool.between(0, most)}]`
    })
    .join(', ')}]`

/** Several values that are equal in shape but for one axis. */
const joint = (pool: Pool): { args: readonly PoolValue[]; axis: number } | undefined => {
  const a = pool.any(({ shape }) => shape.length > 0)
  const axis = a && pool.axis(a)
  if (a === undefined || axis === undefined || pool.isOpen(a.shape[axis] ?? 0)) return undefined
  const fits = (value: PoolValue): boolean =>
    value.dtype === a.dtype &&
    value.shape.length === a.shape.length &&
    value.shape.every((d, i) => (i === axis ? !pool.isOpen(d) : d === a.shape[i]))
  const others = Array.from({ length: pool.between(0, 2) }, () => pool.any(fits) ?? a)
  return { args: [a, ...others], axis }
}

const list = (args: readonly unknown[]): string => args.map((_, i) => `$${i}`).join(', ')

const concat: Operation = {
  name: 'concat',
  special: true,
  weight: 2,
  draw: (pool) => {
    const found = joint(pool)
    if (found === undefined) return undefined
    const { args, axis } = found
    return moved(`tf.concat([${list(args)}], ${pool.signed(axis, args[0]?.shape.length ?? 1)})`, ...args)
  },
}

const stack: Operation = {
  name: 'stack',
  special: true,
  draw: (pool) => {
    const a = pool.any(({ shape }) => shape.length < 5)
    if (a === undefined) return undefined
    const b = pool.any(({ shape, dtype }) => `${shape}` === `${a.shape}` && dtype === a.dtype) ?? a
    return moved(`tf.stack([$0, $1], ${pool.between(-1, a.shape.length)})`, a, b)
  },
}

const tile = (pool: Pool, { shape }: PoolValue): string | undefined =>
  shape.length === 0 ? undefined : `tf.tile($0, [${shape.map(() => pool.one([1, 1, 2, 3]))}])`

const split = (pool: Pool, x: PoolValue): string | undefined => {
  const axis = pool.axis(x, (size) => size > 1 && !pool.isOpen(size))
  if (axis === undefined) return undefined
  const size = x.shape[axis] ?? 0
  const first = pool.between(pool.chance(0.1) ? 0 : 1, size - 1)
  const sizes =
    size % 2 === 0 && pool.chance(0.4) ? '2' : `[${first}, ${pool.chance(0.3) ? -1 : size - first}]`
  const at = pool.signed(axis, x.shape.length)
  const parts = `tf.split($0, ${sizes}, ${at})`
  return pool.chance(0.5) ? `${parts}[${pool.between(0, 1)}]` : `tf.concat(${parts}.reverse(), ${at})`
}

const unstack = (pool: Pool, x: PoolValue): string | undefined => {
  const axis = pool.axis(x, (size) => size > 0 && !pool.isOpen(size))
  if (axis === undefined) return undefined
  const at = pool.signed(axis, x.shape.length)
  return pool.chance(0.5)
    ? `tf.unstack($0, ${at})[${pool.random.int(x.shape[axis] ?? 1)}]`
    : `tf.stack(tf.unstack($0, ${at}).reverse(), ${axis})`
}

const blocks: readonly Operation[] = [
  move(
    'spaceToBatchND',
    (pool, x) => {
      const [h = 1, w = 1] = x.shape.slice(1)
      const block = [pool.between(1, 2), pool.between(1, 2)] as const
      const pads = [h, w].map((d, i) => [
        0,
        (block[i] ?? 1) - 1 - ((d + (block[i] ?? 1) - 1) % (block[i] ?? 1)),
      ])
      return `tf.spaceToBatchND($0, [${block}], ${JSON.stringify(pads)})`
    },
    { test: ({ shape }) => shape.length === 4 && sizeOf(shape) > 0, open: false, weight: 3 },
  ),
  move(
    'batchToSpaceND',
    (pool, x) => {
      const block = (x.shape[0] ?? 1) % 2 === 0 ? pool.one(['[2, 1]', '[1, 2]']) : '[1, 1]'
      const crop = pool.chance(0.3) && (x.shape[1] ?? 0) > 1 ? '[[0, 1], [0, 0]]' : '[[0, 0], [0, 0]]'
      return `tf.batchToSpaceND($0, ${block}, ${crop})`
    },
    { test: ({ shape }) => shape.length === 4 && sizeOf(shape) > 0, open: false, weight: 3 },
  ),
  {
    name: 'depthToSpace',
    weight: 4,
    special: true,
    open: false,
    draw: (pool) => {
      const x = pool.any(({ shape }) => shape.length === 4 && (shape[3] ?? 0) % 4 === 0 && sizeOf(shape) > 0)
      return x && { ...moved('tf.depthToSpace($0, 2)', x), gradient: false }
    },
  },
]

/** Operations that move elements without computing with them. */
export const shapes: readonly Operation[] = [
  move('reshape', (pool, x) => `$0.reshape(${pool.shape(reshaped(pool, x))})`, { weight: 3 }),
  move(
    'reshape to images',
    (pool, x) => {
      const shape = asImages(x)
      return shape && `$0.reshape(${pool.shape(shape)})`
    },
    { test: ({ shape }) => shape.length !== 4 && sizeOf(shape) > 3 },
  ),
  move('flatten', () => '$0.reshape([-1])', { test: ({ shape }) => sizeOf(shape) > 0 }),
  move('expandDims', (pool, { shape }) => `$0.expandDims(${pool.between(-1, shape.length)})`, {
    test: ({ shape }) => shape.length < 5,
    weight: 2,
  }),
  // The rank of its result depends on the sizes of open axes.
  move('squeeze', () => '$0.squeeze()', { open: false }),
  move('clone', () => '$0.clone()'),
  move('transpose', (pool, { shape }) => `$0.transpose([${permutation(pool, shape.length)}])`, {
    test: ({ shape }) => shape.length > 1,
    weight: 3,
  }),
  concat,
  stack,
  move('split', split),
  move('unstack', unstack),
  move('pad', (pool, x) => `tf.pad($0, ${paddings(pool, x, () => 2)}${pool.one(['', ', 1'])})`, {
    test: ({ shape }) => shape.length > 0 && shape.length < 5,
  }),
  {
    name: 'mirrorPad',
    special: true,
    draw: (pool) => {
      const x = pool.any(({ shape }) => shape.length > 0 && shape.length < 5 && sizeOf(shape) > 0)
      const mode = pool.one(['reflect', 'symmetric'] as const)
      const limit = (d: number): number => Math.min(2, mode === 'reflect' ? d - 1 : d)
      return x && { ...moved(`tf.mirrorPad($0, ${paddings(pool, x, limit)}, '${mode}')`, x), gradient: false }
    },
  },
  move('tile', tile, { weight: 3 }),
  move('broadcastTo', (pool, x) => `tf.broadcastTo($0, ${pool.shape(widened(pool, x))})`, { weight: 5 }),
  move('slice', slice, { weight: 2 }),
  {
    name: 'stridedSlice',
    special: true,
    draw: (pool) => {
      const x = pool.any()
      const code = x && stridedSlice(pool, x)
      return x && code !== undefined ? { ...moved(code, x), gradient: false } : undefined
    },
  },
  move(
    'reverse',
    (pool, x) => {
      const axes = x.shape.map((_, i) => i).filter(() => pool.chance(0.5))
      return `tf.reverse($0, [${axes.length === 0 ? 0 : axes}])`
    },
    { test: ({ shape }) => shape.length > 0 },
  ),
  ...blocks,
]
