import type { Random } from '@kic/core'
import type { Tensor } from '../../tensor.ts'
import type { HostTensor } from '@kic/safetensors'

/** One call of TensorFlow.js operations on given inputs. */
export interface Variant {
  readonly inputs: readonly HostTensor[]
  readonly apply: (...x: Tensor[]) => Tensor | Tensor[]
  /** The inputs to differentiate with respect to; default: all floats. */
  readonly by?: readonly number[] | undefined
}

/** Expressions that reach kernels of the table; two engines run them, and the results are compared. */
export interface KernelCase {
  readonly name: string
  /** Kernels that recording the case must reach, forward or backward. */
  readonly kernels: readonly string[]
  /** The reason for comparing only values. */
  readonly valueOnly?: string | undefined
  readonly variants: (draw: Draw) => readonly Variant[]
}

/** The reason for having no gradient. */
export const NO_GRADIENT = 'TensorFlow.js registers no gradient'
export const INTEGER_VALUED = 'the result is made of integers or booleans'

const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1)

/** Random tensors and shapes. */
export class Draw {
  constructor(readonly random: Random) {}

  /** Uniform between `low` and `high`. */
  floats(shape: readonly number[], low = -2, high = 2): HostTensor {
    const data = Float32Array.from({ length: sizeOf(shape) }, () => low + (high - low) * this.random.next())
    return { dtype: 'float32', shape, data }
  }

  /** Integers in [low, high). */
  ints(shape: readonly number[], low: number, high: number): HostTensor {
    const data = Int32Array.from({ length: sizeOf(shape) }, () => low + this.random.int(high - low))
    return { dtype: 'int32', shape, data }
  }

  bools(shape: readonly number[]): HostTensor {
    return {
      dtype: 'bool',
      shape,
      data: Uint8Array.from({ length: sizeOf(shape) }, () => this.random.int(2)),
    }
  }

  shape(minRank: number, maxRank: number): number[] {
    const rank = minRank + this.random.int(maxRank - minRank + 1)
    return Array.from({ length: rank }, () => this.random.pick([1, 2, 3, 5]))
  }

  /** Shapes of several ranks, always including an axis of length 1 and, where allowed, a scalar. */
  shapes(minRank = 0): number[][] {
    return [this.shape(minRank, minRank), this.shape(2, 2), [2, 1, 3], this.shape(4, 4)]
  }

  /** Pairs of shapes that broadcast together, in both directions. */
  pairs(): [number[], number[]][] {
    return [
      [
        [3, 4],
        [3, 4],
      ],
      [[2, 3, 4], [4]],
      [[4], [2, 3, 4]],
      [
        [2, 1, 4],
        [3, 1],
      ],
      [[], [3]],
      [[2, 2], []],
    ]
  }
}

/** A tensor of given floats. */
export const floatsOf = (...values: number[]): HostTensor => ({
  dtype: 'float32',
  shape: [values.length],
  data: Float32Array.from(values),
})

/** A tensor of given integers. */
export const intsOf = (shape: readonly number[], ...values: number[]): HostTensor => ({
  dtype: 'int32',
  shape,
  data: Int32Array.from(values),
})
