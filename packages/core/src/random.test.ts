import { describe, expect, it } from 'vitest'
import { createRandom, hash32 } from './random.ts'

describe('createRandom', () => {
  it('repeats with its seed and differs between seeds', () => {
    const draw = (seed: number) => Array.from({ length: 8 }, createRandom(seed).next)
    expect(draw(1)).toEqual(draw(1))
    expect(draw(1)).not.toEqual(draw(2))
  })

  it('is uniform: chi-square over 64 cells stays below the 99.99 % quantile', () => {
    const random = createRandom('uniform')
    const cells = new Array<number>(64).fill(0)
    const draws = 64_000
    for (let i = 0; i < draws; i++) {
      const cell = random.int(64)
      cells[cell] = (cells[cell] ?? 0) + 1
    }
    const expected = draws / 64
    const chi2 = cells.reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0)
    expect(chi2).toBeLessThan(114)
  })

  it('draws normals of mean 0 and variance 1', () => {
    const random = createRandom('normal')
    const values = Array.from({ length: 40_000 }, () => random.normal())
    const mean = values.reduce((a, b) => a + b, 0) / values.length
    const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length
    expect(Math.abs(mean)).toBeLessThan(0.02)
    expect(Math.abs(variance - 1)).toBeLessThan(0.03)
  })

  it('shuffles without losing an item', () => {
    const items = Array.from({ length: 100 }, (_, i) => i)
    const shuffled = createRandom(7).shuffle(items)
    expect(shuffled).not.toEqual(items)
    expect([...shuffled].sort((a, b) => a - b)).toEqual(items)
  })
})

describe('hash32', () => {
  it('separates parts, so that ("ab", "c") is not ("a", "bc")', () => {
    expect(hash32('ab', 'c')).not.toBe(hash32('a', 'bc'))
    expect(hash32(1, 2)).not.toBe(hash32(2, 1))
  })

  it('flips half of the bits when one input bit flips', () => {
    let flipped = 0
    for (let i = 0; i < 1000; i++) {
      let bits = hash32(i) ^ hash32(i ^ 1)
      for (; bits !== 0; bits &= bits - 1) flipped++
    }
    expect(flipped / 32_000).toBeGreaterThan(0.47)
    expect(flipped / 32_000).toBeLessThan(0.53)
  })
})
