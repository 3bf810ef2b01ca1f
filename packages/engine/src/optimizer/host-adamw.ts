import type { AdamWScalars } from './adamw.ts'

/** Sum of squares, in double precision. */
export const sumOfSquares = (x: Float32Array): number => {
  let sum = 0
  for (let i = 0; i < x.length; i++) {
    const value = x[i] ?? 0
    sum += value * value
  }
  return sum
}

/** One AdamW update in place: parameter, gradient, first and second moment, all of one length. */
export const updateAdamW = (
  p: Float32Array,
  g: Float32Array,
  m: Float32Array,
  v: Float32Array,
  gradScale: number,
  { beta1, beta2, epsilon, decay, decayAfter, stepSize, rootScale }: AdamWScalars,
): void => {
  const [before, after] = decayAfter ? [1, decay] : [decay, 1]
  for (let i = 0; i < p.length; i++) {
    const gradient = (g[i] ?? 0) * gradScale
    const first = beta1 * (m[i] ?? 0) + (1 - beta1) * gradient
    const second = beta2 * (v[i] ?? 0) + (1 - beta2) * gradient * gradient
    m[i] = first
    v[i] = second
    p[i] = ((p[i] ?? 0) * before - (stepSize * first) / (Math.sqrt(second) * rootScale + epsilon)) * after
  }
}
