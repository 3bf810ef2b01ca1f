import type { Hyperplane } from './hyperplane.ts'

/** A hyperplane with weights of 8 bits. Those that round to zero are left out. */
export interface QuantizedHyperplane {
  /** Ascending. */
  readonly features: Int32Array
  /** -127 to 127; a weight is this times `scale`. */
  readonly weights: Int8Array
  /** float32 */
  readonly scale: number
  /** float32 */
  readonly intercept: number
}

const LARGEST = 127

/** The nearest hyperplane whose weights are multiples of one number, at most 127 times. */
export const quantize = (hyperplane: Hyperplane): QuantizedHyperplane => {
  const size = hyperplane.length - 1
  let largest = 0
  for (let i = 0; i < size; i++) largest = Math.max(largest, Math.abs(hyperplane[i] ?? 0))
  const scale = Math.fround(largest / LARGEST) || 1
  const rounded = new Int8Array(size)
  let count = 0
  for (let i = 0; i < size; i++) {
    const steps = Math.round((hyperplane[i] ?? 0) / scale)
    rounded[i] = Math.min(LARGEST, Math.max(-LARGEST, steps))
    if (rounded[i] !== 0) count++
  }
  const features = new Int32Array(count)
  const weights = new Int8Array(count)
  let at = 0
  rounded.forEach((weight, feature) => {
    if (weight === 0) return
    features[at] = feature
    weights[at++] = weight
  })
  return { features, weights, scale, intercept: Math.fround(hyperplane[size] ?? 0) }
}
