import { expect, it } from 'vitest'
import { deepSpeed } from './deep-speed.ts'

const measured: number[] = []
/** Embeddings and head take as long as three layers. */
const measure = async (layers: number) => {
  measured.push(layers)
  return { start: 1 + layers, perExample: 0.01 * (3 + layers) }
}

it('extrapolates the speed of a deep encoder from two shallower ones', async () => {
  measured.length = 0
  const speed = await deepSpeed(24, measure)
  expect(speed?.start).toBeCloseTo(25)
  expect(speed?.perExample).toBeCloseTo(0.27)
  expect(Math.max(...measured)).toBeLessThan(24)
})

it('measures an encoder of twelve layers itself', async () => {
  measured.length = 0
  expect((await deepSpeed(12, measure))?.perExample).toBeCloseTo(0.15)
  expect(measured).toEqual([12])
})

it('takes no layer for faster than nothing, and knows no speed without a measurement', async () => {
  const slowStart = async (layers: number) => ({ start: 0, perExample: layers === 2 ? 5 : 1 })
  expect((await deepSpeed(24, slowStart))?.perExample).toBe(1)
  expect(await deepSpeed(24, async () => undefined)).toBeUndefined()
})
