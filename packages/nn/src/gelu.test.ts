import * as tf from '@tensorflow/tfjs'
import { beforeAll, expect, it } from 'vitest'
import { gelu } from './gelu.ts'
import { gradientError } from './gradient-error.ts'

beforeAll(() => tf.setBackend('cpu'))

it('is x times the normal distribution function, not its tanh approximation', () => {
  // Φ(1), Φ(2), Φ(3) from a table of the normal distribution; the approximation differs in the fourth decimal.
  const y = gelu(tf.tensor1d([-3, -1, 0, 1, 2, 3])).dataSync()
  const expected = [
    -3 * 0.0013498980316,
    -0.1586552539315,
    0,
    0.8413447460685,
    2 * 0.9772498680518,
    3 * 0.9986501019684,
  ]
  for (const [i, value] of expected.entries())
    expect(Math.abs((y[i] ?? Number.NaN) - value)).toBeLessThan(1e-6)
})

it('has a gradient equal to finite differences', () => {
  expect(gradientError(gelu, [tf.linspace(-4, 4, 33)])).toBeLessThan(1e-3)
})
