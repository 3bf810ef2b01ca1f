import { createRandom, defined } from '@kic/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { batchPlan } from './batch-plan.ts'
import { classBalancedWeights } from './sampling.ts'

const random = createRandom('lengths')
const lengths = Int32Array.from({ length: 1000 }, () => 3 + Math.floor(random.next() ** 3 * 60))
const bucketOf = (length: number, bucket = 8): number => Math.ceil(length / bucket) * bucket
const base = { lengths, batchSize: 32, bucket: 8, seed: 7, epoch: 0 }

describe('batchPlan', () => {
  it('takes every row once, in whole batches except one, padded to the longest row’s bucket', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 70 }), { minLength: 1, maxLength: 200 }),
        fc.integer({ min: 1, max: 40 }),
        fc.integer(),
        fc.constantFrom({}, { bucket: 8 }),
        (some, batchSize, seed, buckets) => {
          const plan = batchPlan({ lengths: some, batchSize, ...buckets, seed, epoch: 1 })
          const taken = plan.flatMap(({ rows }) => [...rows]).sort((a, b) => a - b)
          expect(taken).toEqual(some.map((_, i) => i))
          expect(plan.length).toBe(Math.ceil(some.length / batchSize))
          expect(plan.filter(({ rows }) => rows.length < batchSize).length).toBeLessThanOrEqual(1)
          for (const { rows, size, length } of plan) {
            expect(size).toBe(batchSize)
            const longest = Math.max(...[...rows].map((row) => defined(some[row])))
            if ('bucket' in buckets) expect(length).toBe(bucketOf(longest))
            else expect(some.filter((other) => other >= longest)).toContain(length)
          }
        },
      ),
    )
  })

  it('moves less than a batch of rows from each bucket to a longer one', () => {
    const beyond = new Map<number, number>()
    for (const { rows, length } of batchPlan(base)) {
      for (const row of rows) {
        const own = bucketOf(defined(lengths[row]))
        if (own < length) beyond.set(own, (beyond.get(own) ?? 0) + 1)
      }
    }
    for (const rows of beyond.values()) expect(rows).toBeLessThan(32)
    const tokens = (plan: ReturnType<typeof batchPlan>): number =>
      plan.reduce((sum, { size, length }) => sum + size * length, 0)
    expect(tokens(batchPlan(base))).toBeLessThan(0.45 * tokens(batchPlan({ ...base, grouping: 'none' })))
  })

  it('pads to row lengths by default, instead of multiples', () => {
    const many = { ...base, lengths: Array.from({ length: 20 }, () => [...lengths]).flat() }
    const { bucket: _, ...options } = many
    for (const grouping of ['length', 'none'] as const) {
      const [own, eights] = [options, many].map((some) => batchPlan({ ...some, grouping }))
      const tokens = (plan = own) => plan?.reduce((sum, { size, length }) => sum + size * length, 0)
      expect(tokens(own)).toBeLessThan((grouping === 'length' ? 0.92 : 1) * (tokens(eights) ?? 0))
      expect(new Set(own?.map(({ length }) => length)).size).toBeLessThanOrEqual(10)
      for (const { rows, length } of own ?? []) {
        for (const row of rows) expect(many.lengths[row]).toBeLessThanOrEqual(length)
      }
    }
  })

  it('depends on seed and epoch alone', () => {
    const rows = (seed: number, epoch: number) =>
      batchPlan({ ...base, seed, epoch }).map((batch) => [...batch.rows])
    expect(rows(7, 0)).toEqual(rows(7, 0))
    expect(rows(7, 0)).not.toEqual(rows(7, 1))
    expect(rows(7, 0)).not.toEqual(rows(8, 0))
  })

  it('shuffles rows within a bucket, and the order of batches, uniformly', () => {
    const same = new Array<number>(64).fill(10)
    let [together, firstShort] = [0, 0]
    const mixed = [...new Array<number>(32).fill(5), ...new Array<number>(32).fill(20)]
    for (let epoch = 0; epoch < 2000; epoch++) {
      const plan = batchPlan({ lengths: same, batchSize: 16, seed: 1, epoch })
      if (plan.some(({ rows }) => rows.includes(0) && rows.includes(1))) together++
      if (batchPlan({ lengths: mixed, batchSize: 16, seed: 1, epoch })[0]?.length === 5) firstShort++
    }
    expect(together / 2000).toBeGreaterThan(0.2) // 15 / 63 = 0.238
    expect(together / 2000).toBeLessThan(0.28)
    expect(firstShort / 2000).toBeGreaterThan(0.45)
    expect(firstShort / 2000).toBeLessThan(0.55)
  })

  it('stays within a token budget, with one shape for each length', () => {
    const plan = batchPlan({ lengths, tokenBudget: 512, seed: 3, epoch: 0 })
    const shapes = new Map<number, Set<number>>()
    for (const { size, length, rows } of plan) {
      expect(size).toBe(Math.floor(512 / length))
      expect(rows.length).toBeLessThanOrEqual(size)
      shapes.set(length, (shapes.get(length) ?? new Set()).add(size))
    }
    expect(plan.reduce((sum, { rows }) => sum + rows.length, 0)).toBe(1000)
    for (const sizes of shapes.values()) expect(sizes.size).toBe(1)
  })

  it('drops the rows of an incomplete batch with dropLast', () => {
    const plan = batchPlan({ ...base, dropLast: true })
    expect(plan.length).toBe(31)
    expect(plan.every(({ rows }) => rows.length === 32)).toBe(true)
  })

  it('draws classes equally often with class-balanced weights, and never a row of weight 0', () => {
    const labels = Array.from({ length: 1000 }, (_, i) => (i < 900 ? 0 : i < 990 ? 1 : 2))
    const drawn = [0, 0, 0]
    const weights = classBalancedWeights(labels)
    weights[999] = 0
    for (const { rows } of batchPlan({ ...base, weights, draws: 30_000 })) {
      expect(rows.includes(999)).toBe(false)
      for (const row of rows) drawn[defined(labels[row])] = defined(drawn[defined(labels[row])]) + 1
    }
    // One of the ten rows of the third class has weight 0.
    const [a = 0, b = 0, c = 0] = drawn.map((n) => n / 30_000)
    expect(Math.abs(a - 1 / 2.9)).toBeLessThan(0.015)
    expect(Math.abs(b - 1 / 2.9)).toBeLessThan(0.015)
    expect(Math.abs(c - 0.9 / 2.9)).toBeLessThan(0.015)
    expect([...classBalancedWeights([5, 5, 5, 5, 6], 0.5)]).toEqual([0.5, 0.5, 0.5, 0.5, 1])
  })

  it('refuses invalid options', () => {
    const code = (options: object) => {
      try {
        batchPlan({ ...base, ...options })
      } catch (error) {
        return (error as { code: string }).code
      }
      return 'none'
    }
    expect(code({ lengths: [] })).toBe('trainer/batch-options')
    expect(code({ tokenBudget: 100 })).toBe('trainer/batch-options')
    expect(code({ batchSize: undefined, tokenBudget: 10 })).toBe('trainer/batch-options')
    expect(code({ batchSize: 0 })).toBe('trainer/batch-options')
    expect(code({ maxLength: 20 })).toBe('trainer/row-length')
    expect(code({ lengths: [3, 0] })).toBe('trainer/row-length')
    expect(code({ weights: [1] })).toBe('trainer/batch-options')
    expect(code({ lengths: [3, 3], dropLast: true })).toBe('trainer/no-batches')
    expect(code({ lengths: [3, 3], weights: [1, -1] })).toBe('trainer/weights')
  })
})
