import { expect, it } from 'vitest'
import { tinyLoss, tinyParams } from '../__fixtures__/tiny-task.ts'
import { madeUpTokens } from '../speed/made-up-tokens.ts'
import { deviceMemory } from './device-memory.ts'
import { countParameters } from './training-memory.ts'

const parameters = Object.entries(tinyParams()).map(([name, { shape }]) => ({ name, shape }))
const sample = {
  parameters,
  loss: tinyLoss,
  batch: (rows: number) => ({
    ...madeUpTokens(30, rows, 6),
    labels: { dtype: 'int32' as const, shape: [rows], data: new Int32Array(rows) },
  }),
}
const P = countParameters(parameters)
const whole = (rows: number) => ({ rows, accumulation: 1 })

it('is 16 bytes a parameter, 20 with accumulation, and what each row computes', () => {
  const bytesOf = deviceMemory({ name: 'compiled' }, sample)
  const row = bytesOf(whole(2)) - bytesOf(whole(1))
  expect(row).toBeGreaterThan(0)
  expect(bytesOf(whole(1))).toBe(16 * P + row)
  expect(bytesOf({ rows: 1, accumulation: 2 })).toBe(20 * P + row)
})

it('is 28 bytes a parameter where WebGPU updates, if that is more', () => {
  const bytesOf = deviceMemory({ name: 'webgpu' }, sample)
  const compiled = deviceMemory({ name: 'compiled' }, sample)
  expect(bytesOf(whole(1))).toBe(Math.max(28 * P, compiled(whole(1))))
  expect(bytesOf(whole(1e6))).toBe(compiled(whole(1e6)))
})

it('is 4 bytes for a frozen parameter', () => {
  const [first = { name: '', shape: [] }] = parameters
  const frozen = (name: string): boolean => name === first.name
  const size = countParameters([first])
  const bytesOf = deviceMemory({ name: 'compiled' }, { ...sample, frozen })
  const row = bytesOf(whole(2)) - bytesOf(whole(1))
  expect(bytesOf(whole(1))).toBe(16 * (P - size) + 4 * size + row)
})
