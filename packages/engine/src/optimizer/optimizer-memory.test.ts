import { createRandom } from '@kic/core'
import { describe, expect, it } from 'vitest'
import { adamwModule } from '../../scripts/build-wasm.ts'
import type { AdamW } from '../contract.ts'
import { adamwScalars } from './adamw.ts'
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

  it('turns moments that have decayed to denormal numbers into zeros', () => {
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
