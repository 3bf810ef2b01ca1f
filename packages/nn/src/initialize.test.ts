import { expect, it } from 'vitest'
import { initialize } from './initialize.ts'
import type { ParamSpec } from './param-spec.ts'

const normal: ParamSpec = {
  name: 'a.weight',
  shape: [200, 101],
  init: { kind: 'normal', std: 0.02, zeroRow: 1 },
}
const uniform: ParamSpec = { name: 'b.weight', shape: [4000], init: { kind: 'uniform', bound: 0.5 } }
const ones: ParamSpec = { name: 'c.weight', shape: [3], init: { kind: 'constant', value: 1 } }

it('draws from the named distributions', () => {
  const params = initialize([normal, uniform, ones], 1)
  const rest = [...(params['a.weight']?.data ?? [])].filter((_, i) => i < 101 || i >= 202)
  const mean = rest.reduce((a, b) => a + b, 0) / rest.length
  const deviation = Math.sqrt(rest.reduce((a, b) => a + b * b, 0) / rest.length)
  expect(rest.length).toBe(199 * 101)
  expect(Math.abs(mean)).toBeLessThan(0.0006)
  expect(Math.abs(deviation - 0.02)).toBeLessThan(0.0005)
  // Neighbours come from one Box-Muller pair; they must not be correlated.
  const covariance =
    rest.reduce((sum, x, i) => sum + (i % 2 === 0 ? x * (rest[i + 1] ?? 0) : 0), 0) / rest.length
  expect(Math.abs(covariance)).toBeLessThan(1e-5)
  expect([...(params['a.weight']?.data.subarray(101, 202) ?? [])].every((x) => x === 0)).toBe(true)
  const b = [...(params['b.weight']?.data ?? [])]
  expect(Math.min(...b)).toBeGreaterThanOrEqual(-0.5)
  expect(Math.min(...b)).toBeLessThan(-0.49)
  expect(Math.max(...b)).toBeGreaterThan(0.49)
  expect([...(params['c.weight']?.data ?? [])]).toEqual([1, 1, 1])
})

it('derives each parameter only from the seed and its name', () => {
  const [all, one, other] = [
    initialize([normal, uniform], 5),
    initialize([uniform], 5),
    initialize([uniform], 6),
  ]
  expect(all['b.weight']).toEqual(one['b.weight'])
  expect(all['b.weight']).not.toEqual(other['b.weight'])
  const twin = initialize([{ ...uniform, name: 'd.weight' }], 5)
  expect(twin['d.weight']?.data).not.toEqual(one['b.weight']?.data)
})

it('refuses a repeated name and a zero row that does not exist', () => {
  expect(() => initialize([ones, ones], 1)).toThrowError(
    expect.objectContaining({ code: 'nn/duplicate-parameter' }),
  )
  expect(() => initialize([{ ...normal, init: { kind: 'normal', std: 1, zeroRow: 200 } }], 1)).toThrowError(
    expect.objectContaining({ code: 'nn/initializer' }),
  )
})
