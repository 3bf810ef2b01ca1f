import type { HostTensors } from '@kic/safetensors'
import { expect, it } from 'vitest'
import { WeightAverage } from './weight-average.ts'

const params = (value: number): HostTensors => ({
  w: { dtype: 'float32', shape: [2], data: Float32Array.of(value, -value) },
  frozen: { dtype: 'float32', shape: [1], data: Float32Array.of(value) },
})
const trained = (name: string): boolean => name === 'w'

it('follows the recurrence, for trained weights alone', () => {
  const average = new WeightAverage({ decay: 0.75, warmup: false }, params(1), trained)
  average.update(params(2), 1)
  average.update(params(4), 2)
  // 0.75 (0.75 · 1 + 0.25 · 2) + 0.25 · 4
  expect([...(average.tensors().w?.data ?? [])]).toEqual([1.9375, -1.9375])
  expect(Object.keys(average.tensors())).toEqual(['w'])
  expect(average.applied(params(4)).frozen?.data[0]).toBe(4)
})

it('forgets the start quickly with its warm-up: (1 + step) / (10 + step)', () => {
  const average = new WeightAverage({ decay: 0.999 }, params(0), trained)
  average.update(params(11), 1)
  expect(average.tensors().w?.data[0]).toBeCloseTo(9, 5) // 11 · (1 - 2 / 11)
})

it('restores averages, and refuses others', () => {
  const average = new WeightAverage({ decay: 0.5 }, params(1), trained)
  average.restore(params(3))
  expect(average.tensors().w?.data[1]).toBe(-3)
  expect(() => average.restore({})).toThrow(/received none for "w"/)
  expect(() => new WeightAverage({ decay: 1 }, params(1), trained)).toThrow(/received 1/)
})
