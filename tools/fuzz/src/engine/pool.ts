import type { Random } from '@kic/core'
import type * as tf from '@tensorflow/tfjs'
import { type DType, GENERATED_AT, OPEN_AXES } from './program.ts'

/** A value of the program under construction, as TensorFlow.js's cpu backend computed it. */
export interface PoolValue {
  readonly index: number
  readonly tensor: tf.Tensor
  /** The same, computed with every rounding error enlarged. */
  readonly disturbed: tf.Tensor
  readonly dtype: DType
  readonly shape: readonly number[]
  readonly data: ArrayLike<number>
  /** Largest magnitude. */
  readonly largest: number
  /** Free of rounding, on every engine: comparisons and jumps may depend on it. */
  readonly exact: boolean
  /** Of exact values: all are multiples of 2 ** -grain. */
  readonly grain: number
  /** An input of the program. */
  readonly given: boolean
  /** Its elements are those that will be compared; exported programs get others. */
  readonly settled: boolean
  /** Holds NaN or an infinity. */
  readonly special: boolean
  /** Depends on an input that may be differentiated by. */
  readonly reaches: boolean
  /** All operations between those inputs and here have a gradient. */
  readonly clean: boolean
}

/** An operation that may become a step. */
export interface Candidate {
  readonly code: string
  readonly args: readonly PoolValue[]
  /** Steps of their own that bring operands to where the operation is defined and not steep; each reads `$0`. */
  readonly prepare?: readonly (string | undefined)[] | undefined
  /** Whether the result is free of rounding; default false. */
  readonly exact?: boolean | undefined
  /** Whether TensorFlow.js differentiates it; default true. */
  readonly gradient?: boolean | undefined
}

/** A kind of operation: its inputs, and a function that draws a call. */
export interface Operation {
  readonly name: string
  /** Whether NaN and infinities come out as in TensorFlow.js; default false. */
  readonly special?: boolean | undefined
  /** Whether its text is right for all sizes of the open axes; default true. */
  readonly open?: boolean | undefined
  /** How often it is drawn; default 1. */
  readonly weight?: number | undefined
  readonly draw: (pool: Pool) => Candidate | undefined
}

type Test = (value: PoolValue) => boolean

/** Bits of a float32's fraction. */
const FRACTION = 24

/** The values so far, and the random numbers that a program is drawn from. */
export class Pool {
  readonly values: PoolValue[] = []

  /** Whether the program is to be exported with open axes. */
  readonly open: boolean
  /** Whether values may be NaN or infinite. */
  readonly special: boolean
  /** Whether the program is to be differentiated. */
  readonly training: boolean

  constructor(
    readonly random: Random,
    {
      open,
      special,
      training,
    }: { readonly open: boolean; readonly special: boolean; readonly training: boolean },
  ) {
    this.open = open
    this.special = special
    this.training = training
  }

  /** One of the values that pass, later ones more often. */
  pick(test: Test): PoolValue | undefined {
    const fitting = this.values.filter(test)
    if (fitting.length === 0) return undefined
    return fitting[Math.max(this.random.int(fitting.length), this.random.int(fitting.length))]
  }

  float(test: Test = () => true): PoolValue | undefined {
    return this.pick((value) => value.dtype === 'float32' && test(value))
  }

  integer(test: Test = () => true): PoolValue | undefined {
    return this.pick((value) => value.dtype === 'int32' && test(value))
  }

  bool(test: Test = () => true): PoolValue | undefined {
    return this.pick((value) => value.dtype === 'bool' && test(value))
  }

  any(test: Test = () => true): PoolValue | undefined {
    return this.pick(test)
  }

  chance(probability: number): boolean {
    return this.random.next() < probability
  }

  /** From `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + this.random.int(high - low + 1)
  }

  one<T>(items: readonly T[]): T {
    return this.random.pick(items)
  }

  axis(value: PoolValue, test: (size: number) => boolean = () => true): number | undefined {
    const axes = value.shape.flatMap((d, i) => (test(d) ? [i] : []))
    return axes.length === 0 ? undefined : this.one(axes)
  }

  /** An axis, or the same counted from the end. */
  signed(axis: number, rank: number): number {
    return this.chance(0.3) ? axis - rank : axis
  }

  /** Whether a size depends on an open axis. */
  isOpen(size: number): boolean {
    return this.open && size > 0 && OPEN_AXES.some((axis) => size % GENERATED_AT[axis] === 0)
  }

  /** A size as it is written: as a product with the open axes that it depends on. */
  size(size: number): string {
    if (!this.isOpen(size)) return `${size}`
    const factors: string[] = []
    let rest = size
    for (const axis of OPEN_AXES) {
      for (; rest % GENERATED_AT[axis] === 0; rest /= GENERATED_AT[axis]) factors.push(axis)
    }
    return [...(rest === 1 ? [] : [`${rest}`]), ...factors].join(' * ')
  }

  /** A shape as it is written. */
  shape(shape: readonly number[]): string {
    return `[${shape.map((d) => this.size(d)).join(', ')}]`
  }
}

/** Whether sums of so many products, or terms, of exact values are free of rounding. NaN and infinities never round. */
export const exactSum = (terms: number, ...factors: readonly PoolValue[]): boolean =>
  factors.every(({ exact }) => exact) &&
  Math.max(1, terms) *
    factors.reduce((bound, { largest }) => bound * Math.max(largest, 2 ** -FRACTION), 1) *
    2 ** factors.reduce((bits, { grain }) => bits + grain, 0) <
    2 ** FRACTION

/** Whether a + b is free of rounding. */
export const exactlyAdded = (a: PoolValue, b: PoolValue): boolean =>
  a.exact && b.exact && (a.largest + b.largest) * 2 ** Math.max(a.grain, b.grain) < 2 ** FRACTION

/** The number of binary places that all elements need; infinite where they need more than a float32 has. */
export const grainOf = (data: ArrayLike<number>): number => {
  for (let grain = 0; grain <= FRACTION; grain++) {
    let fits = true
    for (let i = 0; i < data.length && fits; i++) {
      const element = data[i] ?? 0
      fits = !Number.isFinite(element) || Number.isInteger(element * 2 ** grain)
    }
    if (fits) return grain
  }
  return Number.POSITIVE_INFINITY
}

/** Whether no element is so near one of the points that rounding could carry it across. */
export const awayFrom = ({ data, exact, settled }: PoolValue, ...points: readonly number[]): boolean => {
  if (exact || !settled) return exact
  for (let i = 0; i < data.length; i++) {
    const element = data[i] ?? 0
    if (points.some((point) => Math.abs(element - point) < 1e-3 * (1 + Math.abs(point)))) return false
  }
  return true
}

/** Whether no two elements are so near each other that rounding could exchange them. */
export const distinct = ({ data, exact, settled, largest }: PoolValue): boolean => {
  if (exact || !settled) return exact
  const sorted = Array.from(data).sort((a, b) => a - b)
  return sorted.every((x, i) => i === 0 || x - (sorted[i - 1] ?? x) > 1e-3 * largest)
}

/** Whether two shapes can be broadcast to one. */
export const broadcasts = (a: readonly number[], b: readonly number[]): boolean =>
  [...a].reverse().every((d, i) => {
    const other = b[b.length - 1 - i]
    return other === undefined || other === d || other === 1 || d === 1
  })

export const sameShape = (a: readonly number[], b: readonly number[]): boolean => `${a}` === `${b}`
