import { type Candidate, exactSum, type Operation, type Pool, type PoolValue } from '../pool.ts'
import { sizeOf } from '../program.ts'

interface Product {
  readonly args: readonly [PoolValue, PoolValue]
  readonly transA: boolean
  readonly transB: boolean
  readonly inner: number
  readonly columns: number
}

/** Matrices to multiply: leading axes equal, or of one of them alone. */
const product = (pool: Pool, test: (value: PoolValue) => boolean): Product | undefined => {
  const a = pool.pick((value) => test(value) && value.shape.length > 1)
  if (a === undefined) return undefined
  const [transA, transB] = [pool.chance(0.3), pool.chance(0.3)]
  const inner = a.shape.at(transA ? -2 : -1) ?? 0
  const leading = a.shape.slice(0, -2)
  const b = pool.pick(
    ({ shape, dtype, ...value }) =>
      test({ shape, dtype, ...value }) &&
      dtype === a.dtype &&
      shape.length > 1 &&
      shape.at(transB ? -1 : -2) === inner &&
      (shape.length === 2 || `${shape.slice(0, -2)}` === `${leading}` || leading.length === 0),
  )
  if (b === undefined) return undefined
  return { args: [a, b], transA, transB, inner, columns: b.shape.at(transB ? -2 : -1) ?? 0 }
}

const matMul: Operation = {
  name: 'matMul',
  special: false,
  weight: 4,
  draw: (pool) => {
    const found = product(pool, ({ dtype }) => dtype !== 'bool')
    if (found === undefined) return undefined
    const { args, transA, transB, inner } = found
    return {
      code: `tf.matMul($0, $1, ${transA}, ${transB})`,
      args,
      exact: exactSum(inner, ...args),
      gradient: args[0].dtype === 'float32',
    }
  },
}

const fusedMatMul: Operation = {
  name: 'fused.matMul',
  weight: 2,
  draw: (pool) => {
    const found = product(pool, ({ dtype }) => dtype === 'float32')
    if (found === undefined) return undefined
    const { args, transA, transB, columns } = found
    const bias = pool.float(({ shape }) => shape.length === 1 && shape[0] === columns)
    const activation = pool.training
      ? 'linear'
      : pool.one(['linear', 'relu', 'elu', 'sigmoid', 'relu6', 'leakyrelu'])
    const settings = [
      'a: $0, b: $1',
      ...(bias ? ['bias: $2'] : []),
      `transposeA: ${transA}, transposeB: ${transB}, activation: '${activation}'`,
    ]
    return { code: `tf.fused.matMul({ ${settings.join(', ')} })`, args: bias ? [...args, bias] : args }
  },
}

/** Einstein sums of a value with itself, or of two that share an axis. */
const einsum: Operation = {
  name: 'einsum',
  draw: (pool) => {
    const a = pool.float(({ shape }) => shape.length > 0 && shape.length < 4 && sizeOf(shape) > 0)
    if (a === undefined) return undefined
    const letters = 'abc'.slice(0, a.shape.length)
    const kept = [...letters].filter(() => pool.chance(0.6))
    const b = pool.float(({ shape }) => shape.length === 2 && shape[0] === a.shape.at(-1))
    const call: Candidate =
      b === undefined || pool.chance(0.4)
        ? { code: `tf.einsum('${letters}->${pool.random.shuffle(kept).join('')}', $0)`, args: [a] }
        : {
            code: `tf.einsum('${letters},${letters.at(-1)}z->${letters.slice(0, -1)}z', $0, $1)`,
            args: [a, b],
          }
    return { ...call, gradient: false }
  },
}

const vectors: Operation = {
  name: 'dot',
  weight: 3,
  draw: (pool) => {
    const a = pool.float(({ shape }) => shape.length === 1)
    const b = a && pool.float(({ shape }) => shape.length === 1)
    if (a === undefined || b === undefined) return undefined
    const code = a.shape[0] === b.shape[0] && pool.chance(0.6) ? 'tf.dot($0, $1)' : 'tf.outerProduct($0, $1)'
    return { code, args: [a, b], exact: exactSum(a.shape[0] ?? 1, a, b) }
  },
}

const batchNorm: Operation = {
  name: 'batchNorm',
  draw: (pool) => {
    const x = pool.float(({ shape }) => shape.length > 1 && shape.length < 5 && sizeOf(shape) > 0)
    if (x === undefined || pool.isOpen(x.shape.at(-1) ?? 0)) return undefined
    const channels = x.shape.at(-1) ?? 1
    const vector = (low: number): string =>
      `tf.tensor1d([${Array.from({ length: channels }, (_, i) => low + ((i * 3) % 4) / 4).join(', ')}])`
    // TensorFlow.js fails to differentiate it without a scale.
    const withScale = pool.training || pool.chance(0.6)
    return {
      code: `tf.batchNorm($0, ${vector(-0.5)}, ${vector(0.5)}${withScale ? `, ${vector(-1)}, ${vector(0.25)}` : ', undefined, undefined'}, 0.01)`,
      args: [x],
      gradient: withScale,
    }
  },
}

/** Products and sums over shared axes. */
export const matrices: readonly Operation[] = [matMul, fusedMatMul, einsum, vectors, batchNorm]
