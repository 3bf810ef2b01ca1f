import type { HostTensor } from '@kic/safetensors'
import { expect, it } from 'vitest'
import { compareTensor } from './compare-tensor.ts'

const floats = (...data: number[]): HostTensor => ({
  dtype: 'float32',
  shape: [data.length],
  data: Float32Array.from(data),
})
const tolerance = { atol: 0.5, rtol: 0.25 }

it('measures the worst error in units of the tolerance', () => {
  const comparison = compareTensor(floats(1, 10, 2.5), floats(1, 8, 2), tolerance)
  expect(comparison).toEqual({ ratio: 0.8, pass: true, worst: '10 at 1 of [3], expected 8' })
  expect(compareTensor(floats(11), floats(8), tolerance)).toMatchObject({ ratio: 1.2, pass: false })
})

it('allows no error if the tolerance is zero', () => {
  const exact = { atol: 0, rtol: 0 }
  expect(compareTensor(floats(3, 4), floats(3, 4), exact).ratio).toBe(0)
  expect(compareTensor(floats(3, 4), floats(3, 4.0001), exact).pass).toBe(false)
})

it('never passes a tensor that is missing, has another shape, or holds NaN', () => {
  expect(compareTensor(undefined, floats(1), tolerance).pass).toBe(false)
  expect(compareTensor({ ...floats(1, 2), shape: [2, 1] }, floats(1, 2), tolerance).pass).toBe(false)
  expect(compareTensor(floats(Number.NaN), floats(1), tolerance).pass).toBe(false)
  expect(compareTensor(floats(1), floats(Number.POSITIVE_INFINITY), tolerance).pass).toBe(false)
})
