import { distinct, type Operation, type Pool, type PoolValue } from '../pool.ts'
import { sizeOf } from '../program.ts'

interface Images {
  readonly x: PoolValue
  /** Batch, height, width, channels. */
  readonly shape: readonly number[]
  /** Gives `x` that shape where it has another. */
  readonly prepare: readonly (string | undefined)[]
}

const images = (pool: Pool): Images | undefined => {
  const x = pool.float(
    ({ shape }) => shape.length < 5 && sizeOf(shape) > 0 && shape.slice(1).every((d) => !pool.isOpen(d)),
  )
  if (x === undefined) return undefined
  if (x.shape.length === 4) return { x, shape: x.shape, prepare: [] }
  // In front stay the open axes.
  const [first = 1, ...rest] = x.shape
  const shape = pool.isOpen(first)
    ? [first, ...new Array<number>(3 - rest.length).fill(1), ...rest]
    : [...new Array<number>(4 - x.shape.length).fill(1), ...x.shape]
  return { x, shape, prepare: [`$0.reshape(${pool.shape(shape)})`] }
}

/** Filters of small multiples of a quarter, as an expression. */
const filter = (shape: readonly number[]): string => {
  const elements = Array.from({ length: sizeOf(shape) }, (_, i) => ((i * 5) % 7) / 4 - 0.75)
  return `tf.tensor([${elements.join(', ')}], [${shape.join(', ')}])`
}

/** A filter of the pool where one fits, so that it is differentiated, too. */
const weights = (pool: Pool, shape: readonly number[]): { code: string; args: PoolValue[] } => {
  const given = pool.float((value) => sizeOf(value.shape) === sizeOf(shape))
  return given === undefined
    ? { code: filter(shape), args: [] }
    : { code: `$1.reshape([${shape.join(', ')}])`, args: [given] }
}

const conv2d: Operation = {
  name: 'conv2d',
  weight: 4,
  draw: (pool) => {
    const found = images(pool)
    if (found === undefined) return undefined
    const { x, shape, prepare } = found
    const [, h = 1, w = 1, channels = 1] = shape
    const same = pool.chance(0.5)
    const size = [h, w].map((d) => pool.between(1, same ? 3 : Math.min(3, d)))
    const { code, args } = weights(pool, [...size, channels, pool.between(1, 3)])
    // TensorFlow.js differentiates no dilation.
    const dilated = same && !pool.training && pool.chance(0.3)
    const moves = dilated ? "1, 'same', 'NHWC', 2" : `${pool.between(1, 2)}, '${same ? 'same' : 'valid'}'`
    return { code: `tf.conv2d($0, ${code}, ${moves})`, args: [x, ...args], prepare }
  },
}

/** Channels in front of height and width. */
const channelsFirst: Operation = {
  name: 'conv2d of channels first',
  weight: 2,
  draw: (pool) => {
    const found = images(pool)
    if (found === undefined) return undefined
    const { x, shape, prepare } = found
    const { code, args } = weights(pool, [2, pool.between(1, 2), shape[1] ?? 1, 2])
    return { code: `tf.conv2d($0, ${code}, 1, 'same', 'NCHW')`, args: [x, ...args], prepare }
  },
}

const fusedConv2d: Operation = {
  name: 'fused.conv2d',
  weight: 3,
  draw: (pool) => {
    const found = images(pool)
    if (found === undefined) return undefined
    const { x, shape, prepare } = found
    const { code, args } = weights(pool, [pool.between(1, 2), 2, shape[3] ?? 1, 2])
    const activation = pool.training ? 'linear' : pool.one(['linear', 'relu', 'elu', 'sigmoid', 'relu6'])
    return {
      code: `tf.fused.conv2d({ x: $0, filter: ${code}, strides: 1, pad: 'same', bias: tf.tensor1d([1, -0.5]), activation: '${activation}' })`,
      args: [x, ...args],
      prepare,
    }
  },
}

const conv1d: Operation = {
  name: 'conv1d',
  weight: 3,
  draw: (pool) => {
    const x = pool.float(
      ({ shape }) => shape.length === 3 && sizeOf(shape) > 0 && !pool.isOpen(shape[2] ?? 0),
    )
    if (x === undefined) return undefined
    const width = pool.between(1, 3)
    const { code, args } = weights(pool, [width, x.shape[2] ?? 1, 2])
    const same = pool.isOpen(x.shape[1] ?? 0) || (x.shape[1] ?? 0) < width || pool.chance(0.5)
    return { code: `tf.conv1d($0, ${code}, 1, '${same ? 'same' : 'valid'}')`, args: [x, ...args] }
  },
}

const depthwise = (fused: boolean): Operation => ({
  name: fused ? 'fused.depthwiseConv2d' : 'depthwiseConv2d',
  weight: 3,
  draw: (pool) => {
    const found = images(pool)
    if (found === undefined) return undefined
    const { x, shape, prepare } = found
    const channels = shape[3] ?? 1
    const { code, args } = weights(pool, [2, pool.between(1, 2), channels, fused ? 1 : pool.between(1, 2)])
    return fused
      ? {
          code: `tf.fused.depthwiseConv2d({ x: $0, filter: ${code}, strides: 1, pad: 'same', bias: tf.fill([${channels}], 0.5), activation: '${pool.training ? 'linear' : 'sigmoid'}' })`,
          args: [x, ...args],
          prepare,
        }
      : {
          code: `tf.depthwiseConv2d($0, ${code}, ${pool.between(1, 2)}, 'same')`,
          args: [x, ...args],
          prepare,
        }
  },
})

const transposed: Operation = {
  name: 'conv2dTranspose',
  weight: 2,
  open: false,
  draw: (pool) => {
    const found = images(pool)
    if (found === undefined) return undefined
    const { x, shape, prepare } = found
    const [n = 1, h = 1, w = 1, channels = 1] = shape
    const { code, args } = weights(pool, [2, 2, 2, channels])
    return {
      code: `tf.conv2dTranspose($0, ${code}, [${[n, 2 * h, 2 * w, 2]}], 2, 'same')`,
      args: [x, ...args],
      prepare,
    }
  },
}

const pooling = (name: 'maxPool' | 'avgPool'): Operation => ({
  name,
  weight: 4,
  draw: (pool) => {
    const found = images(pool)
    if (found === undefined) return undefined
    const { x, shape, prepare } = found
    const size = shape.slice(1, 3).map((d) => pool.between(1, Math.min(3, d)))
    const same = pool.chance(0.4)
    return {
      code: `tf.${name}($0, [${size}], ${pool.between(1, 2)}, '${same ? 'same' : 'valid'}')`,
      args: [x],
      prepare,
      exact: name === 'maxPool' && x.exact,
      // The cpu backend divides by the window's full size where it overlaps padding; KIC as native TensorFlow does.
      gradient: name === 'maxPool' ? distinct(x) : !same,
    }
  },
})

/** Convolutions and pooling over images. */
export const imageOperations: readonly Operation[] = [
  conv2d,
  channelsFirst,
  fusedConv2d,
  conv1d,
  depthwise(false),
  depthwise(true),
  transposed,
  pooling('maxPool'),
  pooling('avgPool'),
]
