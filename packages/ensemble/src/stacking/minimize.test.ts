import { createRandom } from '@kic/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { minimize, type Objective } from './minimize.ts'

/** ½ (x − c)ᵀ A (x − c) with A = BᵀB + I, so that it is convex, and the gradient. */
const quadratic = (size: number, seed: number) => {
  const random = createRandom(seed, 'quadratic')
  const b = Array.from({ length: size }, () => Array.from({ length: size }, () => 3 * random.normal()))
  const centre = Float64Array.from({ length: size }, () => 2 * random.normal())
  const objective: Objective = (at, gradient) => {
    const away = at.map((x, i) => x - (centre[i] ?? 0))
    const mapped = b.map((row) => row.reduce((sum, x, i) => sum + x * (away[i] ?? 0), 0))
    gradient.forEach((_, i) => {
      gradient[i] = (away[i] ?? 0) + b.reduce((sum, row, j) => sum + (row[i] ?? 0) * (mapped[j] ?? 0), 0)
    })
    return 0.5 * (away.reduce((sum, x) => sum + x * x, 0) + mapped.reduce((sum, x) => sum + x * x, 0))
  }
  return { objective, centre }
}

describe('minimize', () => {
  it('finds the centre of any quadratic', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.nat(), (size, seed) => {
        const { objective, centre } = quadratic(size, seed)
        const { at, converged, value } = minimize(objective, new Float64Array(size), { tolerance: 1e-8 })
        expect(converged).toBe(true)
        expect(value).toBeLessThan(1e-12)
        for (const [i, x] of at.entries()) expect(x).toBeCloseTo(centre[i] ?? Number.NaN, 6)
      }),
    )
  })

  it('ends within bounds where the gradient holds every coordinate at 0', () => {
    let held = 0
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.nat(), (size, seed) => {
        const { objective } = quadratic(size, seed)
        const found = minimize(objective, new Float64Array(size).fill(1), {
          tolerance: 1e-7,
          nonNegative: size,
        })
        expect(found.converged).toBe(true)
        // The conditions of Karush, Kuhn and Tucker.
        const gradient = new Float64Array(size)
        objective(found.at, gradient)
        for (const [i, x] of found.at.entries()) {
          expect(x).toBeGreaterThanOrEqual(0)
          if (x === 0) held++
          expect(x > 0 ? Math.abs(gradient[i] ?? 9) : -(gradient[i] ?? 9)).toBeLessThanOrEqual(1e-7)
        }
      }),
    )
    expect(held).toBeGreaterThan(100)
  })

  it('finds the minimum of the sum of exponentials of Boyd & Vandenberghe 2004, (9.20)', () => {
    const exponentials: Objective = ([x = 0, y = 0], gradient) => {
      const [a, b, c] = [Math.exp(x + 3 * y - 0.1), Math.exp(x - 3 * y - 0.1), Math.exp(-x - 0.1)]
      gradient[0] = a + b - c
      gradient[1] = 3 * (a - b)
      return a + b + c
    }
    const { at, converged } = minimize(exponentials, Float64Array.of(4, -2), { tolerance: 1e-9 })
    expect(converged).toBe(true)
    expect(at[0]).toBeCloseTo(-Math.LN2 / 2, 8)
    expect(at[1]).toBeCloseTo(0, 8)
    const bounded = minimize(exponentials, Float64Array.of(4, 2), { tolerance: 1e-9, nonNegative: 1 })
    expect(bounded).toMatchObject({ converged: true })
    expect(bounded.at[0]).toBe(0)
    expect(bounded.at[1]).toBeCloseTo(0, 8)
  })

  it('says where it ends too early, and where nothing is left to do', () => {
    const { objective, centre } = quadratic(8, 1)
    expect(minimize(objective, new Float64Array(8), { tolerance: 1e-9, maxIterations: 2 })).toMatchObject({
      converged: false,
      iterations: 2,
    })
    expect(minimize(objective, centre, { tolerance: 1e-9 })).toMatchObject({ converged: true, iterations: 0 })
    // No step makes this smaller, as its gradient is wrong.
    const wrong: Objective = ([x = 0], gradient) => {
      gradient[0] = 1
      return Math.abs(x)
    }
    expect(minimize(wrong, Float64Array.of(0), { tolerance: 1e-9 }).converged).toBe(false)
  })
})
