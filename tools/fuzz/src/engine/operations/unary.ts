import { awayFrom, exactSum, type Operation, type Pool, type PoolValue } from '../pool.ts'
import { applyStep, GENERATED_AT } from '../program.ts'

/** Where a function is defined and not steep; other operands are brought there by a smooth function. */
type Domain = 'all' | 'small' | 'positive' | 'unit' | 'above one' | 'unsaturated'

/** What brings an operand to the domain; `undefined` where it lies there. */
export const preparation = (pool: Pool, x: PoolValue, domain: Domain): string | undefined => {
  const least = Math.min(...Array.from(x.data))
  // Exported programs get other numbers than those they were generated with.
  const unless = (fits: boolean, code: string): string | undefined =>
    pool.special || (x.settled && fits) ? undefined : code
  switch (domain) {
    case 'all':
      return undefined
    case 'unsaturated':
      // Where a function saturates, its gradient is a difference of nearly equal numbers.
      return pool.training ? preparation(pool, x, 'small') : undefined
    case 'small':
      return unless(x.largest <= 3, '$0.sin().mul(2)')
    case 'positive':
      return unless(least > 0.1, '$0.square().add(0.5)')
    case 'unit':
      return unless(x.largest < 0.95, '$0.sin().mul(0.9)')
    case 'above one':
      return unless(least > 1.1, '$0.square().add(1.25)')
  }
}

const FUNCTIONS: readonly (readonly [name: string, domain: Domain, special?: boolean])[] = [
  ['acos', 'unit', true],
  ['acosh', 'above one', true],
  ['asin', 'unit', true],
  ['asinh', 'small'],
  ['atan', 'all', true],
  ['atanh', 'unit', true],
  ['cos', 'small', true],
  ['cosh', 'small', true],
  ['erf', 'all'],
  ['exp', 'small', true],
  ['expm1', 'small', true],
  ['log', 'positive', true],
  ['log1p', 'positive', true],
  ['reciprocal', 'positive', true],
  ['rsqrt', 'positive', true],
  ['sin', 'small', true],
  ['sinh', 'small', true],
  ['sqrt', 'positive', true],
  ['tan', 'unit', true],
  ['sigmoid', 'unsaturated', true],
  ['softplus', 'all', true],
  ['tanh', 'unsaturated', true],
]

/** Whether a function of integers, which is cut to integers, is nowhere near the next one. */
const cutsSafely = (code: string, x: PoolValue): boolean =>
  Array.from(applyStep(code, [x.tensor.cast('float32')], GENERATED_AT).dataSync()).every(
    (y) => Math.abs(y - Math.round(y)) > 1e-3,
  )

const functions: readonly Operation[] = FUNCTIONS.map(([name, domain, special = false]) => ({
  name,
  special,
  draw: (pool) => {
    if (!pool.open && !pool.special && pool.chance(0.1)) {
      const x = pool.integer()
      const code = `tf.${name}($0)`
      return x !== undefined && (name === 'exp' ? x.largest < 6 : cutsSafely(code, x))
        ? { code, args: [x], exact: name !== 'exp', gradient: false }
        : undefined
    }
    const x = pool.float()
    return x && { code: `tf.${name}($0)`, args: [x], prepare: [preparation(pool, x, domain)] }
  },
}))

/** Functions with a bend or a jump, at the given points. */
const bent = (
  name: string,
  code: (pool: Pool) => string,
  points: readonly number[],
  {
    exact = true,
    special = false,
    integers = true,
  }: { exact?: boolean | undefined; special?: boolean | undefined; integers?: boolean | undefined } = {},
): Operation => ({
  name,
  special,
  draw: (pool) => {
    const x = integers && pool.chance(0.2) ? pool.integer() : pool.float()
    if (x === undefined || !awayFrom(x, ...points)) return undefined
    return { code: code(pool), args: [x], exact: exact && x.exact, gradient: x.dtype === 'float32' }
  },
})

const bounds = (pool: Pool): string => pool.one(['-1, 2', '0, 0.5', '-3, -1', '0, Infinity', '-2, -2'])

/** @param except an element that the cpu backend gets wrong */
const jump = (name: string, except?: number): Operation => ({
  name,
  special: true,
  draw: (pool) => {
    const x = pool.any((value) => value.exact && value.dtype !== 'bool')
    if (except !== undefined && x !== undefined && Array.from(x.data).includes(except)) return undefined
    return x && { code: `tf.${name}($0)`, args: [x], exact: true, gradient: x.dtype === 'float32' }
  },
})

const test = (name: string): Operation => ({
  name,
  special: true,
  draw: (pool) => {
    const x = pool.any()
    return x && { code: `tf.${name}($0)`, args: [x], exact: true, gradient: false }
  },
})

/** Elementwise operations of one operand. */
export const unary: readonly Operation[] = [
  ...functions,
  bent('abs', () => 'tf.abs($0)', [0], { special: true }),
  bent('relu', () => 'tf.relu($0)', [0], { special: true }),
  bent('relu6', () => 'tf.relu6($0)', [0, 6], { special: true }),
  bent('leakyRelu', (pool) => `tf.leakyRelu($0, ${pool.one([0.25, 0.1, 0])})`, [0], {
    exact: false,
    special: true,
    integers: false,
  }),
  {
    name: 'elu',
    special: true,
    draw: (pool) => {
      const x = pool.float()
      return x && awayFrom(x, 0)
        ? { code: 'tf.elu($0)', args: [x], prepare: [preparation(pool, x, 'unsaturated')] }
        : undefined
    },
  },
  bent('selu', () => 'tf.selu($0)', [0], { exact: false, special: true, integers: false }),
  bent('step', (pool) => `tf.step($0${pool.one(['', ', 0.25', ', -1'])})`, [0]),
  bent('sign', () => 'tf.sign($0)', [0]),
  bent('clipByValue', (pool) => `tf.clipByValue($0, ${bounds(pool)})`, [-3, -2, -1, 0, 0.5, 2], {
    special: true,
  }),
  jump('floor'),
  jump('ceil'),
  // Its 0 of -0.5 has lost its sign, of which 1/x makes the other infinity.
  jump('round', -0.5),
  test('isNaN'),
  test('isInf'),
  test('isFinite'),
  {
    name: 'neg',
    special: true,
    draw: (pool) => {
      const x = pool.any(({ dtype }) => dtype !== 'bool')
      return x && { code: 'tf.neg($0)', args: [x], exact: x.exact }
    },
  },
  {
    name: 'square',
    special: true,
    draw: (pool) => {
      const x = pool.any(({ dtype }) => dtype !== 'bool')
      return x && { code: 'tf.square($0)', args: [x], exact: exactSum(1, x, x) }
    },
  },
  {
    name: 'logicalNot',
    draw: (pool) => {
      const x = pool.bool()
      return x && { code: 'tf.logicalNot($0)', args: [x], exact: true, gradient: false }
    },
  },
]
