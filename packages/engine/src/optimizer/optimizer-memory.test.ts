import { createRandom } from '@kic/core'
import { describe, expect, it } from 'vitest'
import { adamwModule } from '../../scripts/build-wasm.ts'
import type { AdamW } from '../contract.ts'
import { adamwScalars } from './adamw.ts'
import { LiveRows } from './live-rows.ts'
import { OptimizerMemory } from './optimizer-memory.ts'

/** The update rule of the papers, in double precision. */
const reference = (options: AdamW, lr: number, gradients: readonly number[], start: number): number => {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0, variant = 'pytorch' } = options
  let [p, m, v] = [start, 0, 0]
  gradients.forEach((g, i) => {
    const t = i + 1
    if (variant === 'pytorch') p -= lr * weightDecay * p
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g * g
    const [c1, c2] = [1 - beta1 ** t, 1 - beta2 ** t]
    if (variant === 'pytorch') p -= (lr * (m / c1)) / (Math.sqrt(v / c2) + epsilon)
    else {
      p -= (((lr * Math.sqrt(c2)) / c1) * m) / (Math.sqrt(v) + epsilon)
      p -= lr * weightDecay * p
    }
  })
  return p
}

describe('OptimizerMemory', () => {
  for (const variant of ['pytorch', 'huggingface'] as const) {
    it(`updates as the ${variant} rule says, for sizes off the vector width`, () => {
      const random = createRandom(variant)
      const options: AdamW = { kind: 'adamw', variant, epsilon: 1e-6, weightDecay: 0.1 }
      const memory = new OptimizerMemory(
        new Map([
          ['a', 5],
          ['b', 33],
        ]),
      )
      for (const [name, size] of [
        ['a', 5],
        ['b', 33],
      ] as const) {
        const { parameter, gradient } = memory.slots(name)
        const start = Array.from({ length: size }, () => random.normal())
        const steps = Array.from({ length: 4 }, () => start.map(() => random.normal()))
        parameter.set(start)
        steps.forEach((values, i) => {
          gradient.set(values)
          memory.update(name, 'gradient', 0.5, adamwScalars(options, name, 0.01, i + 1))
        })
        start.forEach((value, i) => {
          const halved = steps.map((values) => 0.5 * (values[i] ?? 0))
          expect(parameter[i]).toBeCloseTo(reference(options, 0.01, halved, value), 5)
        })
      }
    })
  }

  it('sums squares and micro-batches', () => {
    const memory = new OptimizerMemory(new Map([['a', 19]]))
    const { gradient, sum } = memory.slots('a')
    gradient.fill(2)
    expect(memory.sumOfSquares('a', 'gradient')).toBe(76)
    memory.accumulate('a', true)
    gradient.fill(0.5)
    memory.accumulate('a', false)
    expect(Array.from(sum)).toEqual(new Array(19).fill(2.5))
  })

  it('flushes moments that have decayed to denormal numbers to zero', () => {
    const memory = new OptimizerMemory(new Map([['a', 4]]))
    const { m, v } = memory.slots('a')
    m.fill(1.2e-38)
    v.fill(1.2e-38)
    memory.update('a', 'gradient', 1, adamwScalars({ kind: 'adamw' }, 'a', 0.01, 10))
    expect(Array.from(m)).toEqual([0, 0, 0, 0])
    expect(Array.from(v)).toEqual([0, 0, 0, 0])
  })

  it('runs the module that the assembly sources compile to', async () => {
    const { readFile } = await import('node:fs/promises')
    const committed = await readFile(new URL('./adamw-module.ts', import.meta.url), 'utf8')
    expect(committed).toBe(await adamwModule())
  })
})

describe('live rows', () => {
  it('are updated, and other rows decayed, to the same bits as a whole table', () => {
    const [rows, width] = [40, 8]
    const random = createRandom('rows')
    const sizes = new Map([['a', rows * width]])
    const [whole, parts] = [new OptimizerMemory(sizes), new OptimizerMemory(sizes)]
    const live = new LiveRows(rows, width)
    const start = Array.from({ length: rows * width }, () => random.normal())
    whole.slots('a').parameter.set(start)
    parts.slots('a').parameter.set(start)
    for (let step = 1; step <= 5; step++) {
      const touched = Array.from({ length: 4 }, () => random.int(rows))
      for (const memory of [whole, parts]) memory.slots('a').gradient.fill(0)
      for (const row of touched) {
        live.add(row)
        const values = Array.from({ length: width }, () => random.normal())
        for (const memory of [whole, parts]) memory.slots('a').gradient.set(values, row * width)
      }
      expect(parts.sumOfSquares('a', 'gradient', live)).toBeCloseTo(whole.sumOfSquares('a', 'gradient'), 9)
      const scalars = adamwScalars({ kind: 'adamw', weightDecay: 0.1 }, 'a', 0.01, step)
      whole.update('a', 'gradient', 0.5, scalars)
      parts.update('a', 'gradient', 0.5, scalars, live)
      for (const slot of ['parameter', 'm', 'v'] as const) {
        expect(parts.slots('a')[slot]).toEqual(whole.slots('a')[slot])
      }
    }
    const { m, v } = parts.slots('a')
    expect([...LiveRows.ofMoments(m, v, width).runs()]).toEqual([...live.runs()])
    expect([...live.runs()].some((run) => !run.live)).toBe(true)
  })

  it('are grouped into runs', () => {
    const live = new LiveRows(6, 4)
    for (const row of [1, 2, 5]) live.add(row)
    expect([...live.runs()].map(({ first, end, live }) => [first, end, live])).toEqual([
      [0, 1, false],
      [1, 3, true],
      [3, 5, false],
      [5, 6, true],
    ])
  })
})
