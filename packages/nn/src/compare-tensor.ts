import type { HostTensor } from '@kic/safetensors'

/** `x` passes if `|x - expected| <= atol + rtol * |expected|`; two zeros mean equality. */
export interface Tolerance {
  readonly atol: number
  readonly rtol: number
}

export interface Comparison {
  /**
   * Largest error over all elements as a share of the tolerance: at most 1 passes. Infinite for NaN or another shape.
   */
  readonly ratio: number
  readonly pass: boolean
  /** The worst element in words, with both values. */
  readonly worst: string
}

/** Compares a tensor with a reference, element by element. */
export const compareTensor = (
  actual: HostTensor | undefined,
  expected: HostTensor,
  tolerance: Tolerance,
): Comparison => {
  if (actual === undefined) return { ratio: Number.POSITIVE_INFINITY, pass: false, worst: 'not computed' }
  if (`${actual.shape}` !== `${expected.shape}`) {
    const worst = `shape [${actual.shape}], expected [${expected.shape}]`
    return { ratio: Number.POSITIVE_INFINITY, pass: false, worst }
  }
  let ratio = 0
  let index = 0
  for (let i = 0; i < expected.data.length; i++) {
    const current = errorRatio(actual.data[i] ?? Number.NaN, expected.data[i] ?? Number.NaN, tolerance)
    if (current > ratio) {
      ratio = current
      index = i
    }
  }
  const worst = `${actual.data[index]} at ${index} of [${expected.shape}], expected ${expected.data[index]}`
  return { ratio, pass: ratio <= 1, worst }
}

const errorRatio = (x: number, expected: number, { atol, rtol }: Tolerance): number => {
  if (x === expected) return 0
  const ratio = Math.abs(x - expected) / (atol + rtol * Math.abs(expected))
  return Number.isNaN(ratio) ? Number.POSITIVE_INFINITY : ratio
}
