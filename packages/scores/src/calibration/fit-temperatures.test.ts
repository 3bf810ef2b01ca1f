import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inMemory, type PredictionSource } from '../probabilities/prediction-source.ts'
import type { Probabilities } from '../probabilities/probabilities.ts'
import { softmaxRows } from '../probabilities/softmax.ts'
import { temper } from '../probabilities/temper.ts'
import { fitTemperature } from './fit-temperature.ts'
import { fitTemperatures } from './fit-temperatures.ts'

interface Fixture {
  readonly unit: number
  readonly classes: number
  readonly labels: readonly number[]
  readonly parts: readonly (readonly number[])[]
  readonly temperatures: readonly number[]
  readonly losses: readonly number[]
  readonly before: readonly number[]
}
const path = new URL('./__fixtures__/temperatures.json', import.meta.url)
const fixture: Fixture = JSON.parse(readFileSync(path, 'utf8'))
const { classes, unit } = fixture
const labels = Int32Array.from(fixture.labels)
const members = fixture.parts.map((parts) => ({
  rows: parts.length / classes,
  classes,
  data: Float32Array.from(parts, (part) => (part + 1) / (unit + classes)),
}))
const rows = (...data: number[][]): Probabilities => ({
  rows: data.length,
  classes: data[0]?.length ?? 0,
  data: Float32Array.from(data.flat()),
})

/** The same predictions in blocks of 37 rows. */
const inBlocks: PredictionSource = () =>
  Array.from({ length: Math.ceil(labels.length / 37) }, (_, i) => {
    const [start, end] = [37 * i, Math.min(labels.length, 37 * (i + 1))]
    const part = (data: Float32Array) => data.slice(start * classes, end * classes)
    return { start, members: members.map(({ data }) => ({ rows: end - start, classes, data: part(data) })) }
  })

/** Mean −log softmax(logits / temperature)[label] of rows of three classes. */
const meanLoss = (logits: readonly number[], known: readonly number[], temperature: number): number => {
  const losses = known.map((label, row) => {
    const scores = logits.slice(3 * row, 3 * row + 3).map((z) => z / temperature)
    return Math.log(scores.reduce((sum, z) => sum + Math.exp(z), 0)) - (scores[label] ?? Number.NaN)
  })
  return losses.reduce((sum, loss) => sum + loss, 0) / known.length
}

describe('fitTemperatures', () => {
  it("finds SciPy's minimum, in one block or several", async () => {
    for (const source of [inMemory(members), inBlocks]) {
      const fitted = await fitTemperatures(source, labels)
      fitted.forEach(({ temperature, before, after }, k) => {
        expect(temperature / (fixture.temperatures[k] ?? 0)).toBeCloseTo(1, 6)
        expect(after).toBeCloseTo(fixture.losses[k] ?? 0, 6)
        expect(before).toBeCloseTo(fixture.before[k] ?? 0, 6)
      })
      expect(fitted.length).toBe(5)
    }
  })

  it('leaves nothing to temper in members that are tempered by it', async () => {
    const fitted = await fitTemperatures(inMemory(members), labels)
    const tempered = members.map((member, k) => temper(member, fitted[k]?.temperature ?? Number.NaN))
    for (const [k, again] of (await fitTemperatures(inMemory(tempered), labels)).entries()) {
      expect(again.temperature).toBeCloseTo(1, 4)
      expect(again.before).toBeCloseTo(fitted[k]?.after ?? Number.NaN, 6)
    }
  })

  it('finds as likely a temperature as fitTemperature finds in the logits', async () => {
    const task = fc.record({
      logits: fc.array(fc.float({ min: -4, max: 4, noNaN: true }), { minLength: 60, maxLength: 60 }),
      labels: fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 20, maxLength: 20 }),
    })
    await fc.assert(
      fc.asyncProperty(task, async ({ logits, labels: known }) => {
        const inLogits = fitTemperature({ logits, classes: 3, labels: known })
        fc.pre(inLogits > 0.1 && inLogits < 10)
        const member = { rows: 20, classes: 3, data: softmaxRows(logits, 3) }
        const [fitted] = await fitTemperatures(inMemory([member]), Int32Array.from(known))
        // Where logits are nearly equal, many temperatures are as likely: losses are compared, not temperatures.
        expect(fitted?.after).toBeCloseTo(meanLoss(logits, known, inLogits), 6)
        expect(fitted?.after).toBeLessThanOrEqual((fitted?.before ?? Number.NaN) + 1e-12)
      }),
    )
  })

  it('lets a temperature run to its bound where no minimum lies before it', async () => {
    const [always] = await fitTemperatures(inMemory([rows([0.6, 0.4], [0.3, 0.7])]), Int32Array.of(0, 1))
    expect(always?.temperature).toBeCloseTo(1 / 50, 3)
    expect(always?.after).toBeLessThan(1e-3)
  })
})

describe('labels of held-out rows', () => {
  const member = rows([0.6, 0.4], [0.3, 0.7], [0.9, 0.1])

  it('may be missing for some rows', async () => {
    const [fitted] = await fitTemperatures(inMemory([member]), Int32Array.of(0, 1, -1))
    expect(fitted?.before).toBeCloseTo(-(Math.log(0.6) + Math.log(0.7)) / 2, 6)
  })

  it('must fit the rows and the classes', async () => {
    for (const bad of [
      [0, 1],
      [0, 1, 2],
      [-1, -1, -1],
      [0, 1, 0, 1],
    ]) {
      const code = expect.objectContaining({ code: 'scores/labels' })
      await expect(fitTemperatures(inMemory([member]), Int32Array.from(bad))).rejects.toThrowError(code)
    }
  })
})

it('refuses members of other rows, and probabilities that are none', async () => {
  const known = Int32Array.of(0, 1)
  const code = (code: string) => expect.objectContaining({ code })
  const fit = (...given: Probabilities[]) => fitTemperatures(inMemory(given), known)
  const two = rows([0.6, 0.4], [0.3, 0.7])
  await expect(fit(two, rows([1, 0]))).rejects.toThrowError(code('scores/shape'))
  await expect(fit({ ...two, classes: 3 })).rejects.toThrowError(code('scores/shape'))
  await expect(fit(two, rows([0.2, 0.5, 0.3], [1, 0, 0]))).resolves.toHaveLength(2)
  await expect(fit(rows([Number.NaN, 1], [1, 0]))).rejects.toThrowError(code('scores/not-a-number'))
  await expect(fit()).rejects.toThrowError(code('scores/labels'))
})
