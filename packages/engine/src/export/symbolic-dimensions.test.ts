import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chooseAxes, symbolicSize } from './symbolic-dimensions.ts'

describe('symbolicSize', () => {
  it('finds every product of axes and a factor, for all limits and other dimensions', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 7, max: 600 }),
        fc.array(fc.integer({ min: 1, max: 4000 }), { maxLength: 8 }),
        fc.nat(8),
        fc.array(fc.constantFrom('batch', 'sequence'), { maxLength: 4 }),
        (limit, fixed, chosen, names) => {
          const axes = chooseAxes(['batch', 'sequence'], fixed, { sequence: limit })
          const sizes = Object.fromEntries(axes.map((axis) => [axis.name, axis.sizes]))
          expect(new Set(axes.flatMap((axis) => axis.sizes)).size).toBe(4)
          expect(Math.max(...(sizes.sequence ?? []))).toBeLessThanOrEqual(limit)
          const factor = fixed[chosen] ?? 12
          // A dimension that contains both sizes of an axis is indistinguishable from that axis, so nothing is guessed.
          const ambiguous = axes.some(({ sizes: [p, q] }) => factor % p === 0 && factor % q === 0)
          const [a, b] = [0, 1].map((i) =>
            names.reduce((product, name) => product * (sizes[name]?.[i] ?? 0), factor),
          )
          const found = symbolicSize(a ?? 0, b ?? 0, axes)
          if (ambiguous && names.length > 0) expect(found === undefined || found.factor === factor).toBe(true)
          else expect(found).toEqual({ factor, axes: names.toSorted() })
        },
      ),
    )
  })

  it('does not mistake a sum for a product', () => {
    const axes = chooseAxes(['batch'], [])
    const [p = 0, q = 0] = axes[0]?.sizes ?? []
    for (const added of [-1, 1, 2, 5]) expect(symbolicSize(p + added, q + added, axes)).toBeUndefined()
    expect(symbolicSize(0, 0, axes)).toEqual({ factor: 0, axes: [] })
  })
})
