import fc from 'fast-check'
import { expect, it } from 'vitest'
import reference from './__fixtures__/paired-bootstrap.json' with { type: 'json' }
import { pairedBootstrap } from './paired-bootstrap.ts'

const { first, second, intervals } = reference

it.each(intervals)(
  'finds the interval of scipy.stats.bootstrap at the level $level',
  ({ level, low, high }) => {
    const found = pairedBootstrap(first, second, { level, resamples: 50_000 })
    // One row of 400 is 0.0025.
    expect(Math.abs(found.low - low)).toBeLessThan(0.0013)
    expect(Math.abs(found.high - high)).toBeLessThan(0.0013)
  },
)

it('repeats with its seed, and turns round with the systems', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })),
        {
          minLength: 1,
          maxLength: 20,
        },
      ),
      fc.nat(),
      (pairs, seed) => {
        const [a, b] = [pairs.map(([one]) => one), pairs.map(([, other]) => other)]
        const found = pairedBootstrap(a, b, { resamples: 50, seed })
        expect(pairedBootstrap(a, b, { resamples: 50, seed })).toEqual(found)
        const turned = pairedBootstrap(b, a, { resamples: 50, seed })
        expect(turned.difference).toBeCloseTo(-found.difference, 12)
        expect(turned.low).toBeCloseTo(-found.high, 12)
        expect(found.low).toBeLessThanOrEqual(found.high)
      },
    ),
  )
})

it('takes rows of one group as one piece of evidence', () => {
  const copies = 9
  const repeated = (figures: readonly number[]) => figures.flatMap((figure) => Array(copies).fill(figure))
  const groups = repeated(first.map((_, row) => row))
  const single = pairedBootstrap(first, second)
  expect(pairedBootstrap(repeated(first), repeated(second), { groups })).toEqual({
    difference: expect.closeTo(single.difference, 12),
    low: expect.closeTo(single.low, 12),
    high: expect.closeTo(single.high, 12),
  })
  const apart = pairedBootstrap(repeated(first), repeated(second))
  expect(apart.high - apart.low).toBeLessThan((single.high - single.low) / 2)
})

it('refuses rows that are not the same, and options that are none', () => {
  const code = (wanted: string) => expect.objectContaining({ code: `scores/${wanted}` })
  expect(() => pairedBootstrap([], [])).toThrow(code('shape'))
  expect(() => pairedBootstrap([1], [1, 0])).toThrow(code('shape'))
  expect(() => pairedBootstrap([1], [1], { groups: [] })).toThrow(code('shape'))
  expect(() => pairedBootstrap([1, Number.NaN], [1, 0])).toThrow(code('not-a-number'))
  for (const options of [{ resamples: 0 }, { resamples: 1.5 }, { level: 0 }, { level: 1 }])
    expect(() => pairedBootstrap([1], [0], options)).toThrow(code('bootstrap'))
})
