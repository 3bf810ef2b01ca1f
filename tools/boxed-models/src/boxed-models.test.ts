import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { prepareText } from '@kic/data/prepare'
import { loadPredictor } from '@kic/predictor/node'
import { describe, expect, it } from 'vitest'
import { handWritten } from './evaluation-texts.ts'
import { composedAnswers } from './learned-texts.ts'
import { placesOf } from './places.ts'
import { baseSettings, miniSettings } from './settings.ts'
import { splicedTexts } from './spliced-texts.ts'

const MODELS = [
  { name: 'mini', most: 8e6, settings: miniSettings },
  { name: 'base', most: 40e6, settings: baseSettings },
] as const

describe.each(MODELS)('model-$name', ({ name, most, settings }) => {
  const folder = placesOf(name).model

  it('is not larger than promised', () => {
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    const bytes = files.reduce((sum, file) => sum + statSync(join(folder, file)).size, 0)
    expect(bytes).toBeGreaterThan(most / 10)
    expect(bytes).toBeLessThan(most)
  })

  it('has the accuracy and the expectation of its card, and the preparation of its training', async () => {
    const { rows } = handWritten()
    const card = readFileSync(join(folder, 'README.md'), 'utf8')
    const promised = Number(/\| group \| ([\d.]+) %/.exec(card)?.[1])
    expect(promised).toBeGreaterThanOrEqual(95)
    const predictor = await loadPredictor(folder)
    expect(predictor.info.preparation).toEqual(settings.preparation)
    expect(predictor.info.warnings).toEqual([])
    const predictions = await predictor.predict(rows.map(({ text }) => text))
    const right = predictions.filter(
      (prediction, i) =>
        prediction.status !== 'unusable' && prediction.codes.group?.code === rows[i]?.labels.group,
    )
    // The share is rounded to a tenth, and one row on the border between two groups may change.
    expect(Math.abs((100 * right.length) / rows.length - promised)).toBeLessThan(0.2)
    expect(100 * (predictor.expectation(0)?.accuracy.group?.accuracy ?? 0)).toBeCloseTo(promised, 1)
    await predictor.dispose()
  })
})

it('prepares nothing that the generator composes: its texts are as answers will be', () => {
  const { answers, preparation } = miniSettings
  const { texts } = composedAnswers({ ...answers, rows: 50_000 }, preparation)
  expect(texts.length).toBe(50_000)
  expect(texts.find((text) => prepareText(text, preparation) !== text)).toBeUndefined()
})

it('splices texts of a division and of any, and takes pieces, the same for the same seed', () => {
  const learned = { texts: ['쌀도매', '보리재배', '타이어수리'], groups: ['463', '011', '952'] }
  const spliced = splicedTexts(learned, { draws: 5000, seed: 1 })
  expect(spliced).toEqual(splicedTexts(learned, { draws: 5000, seed: 1 }))
  // A longer run starts like a shorter one.
  expect(splicedTexts(learned, { draws: 6000, seed: 1 }).slice(0, spliced.length)).toEqual(spliced)
  expect(new Set(spliced).size).toBe(spliced.length)
  const starts = learned.texts.flatMap((text) => [...text].map((_, i) => text.slice(0, i + 1)))
  const isJoined = (text: string): boolean =>
    starts.some(
      (start) =>
        text.startsWith(start) && learned.texts.some((end) => end.endsWith(text.slice(start.length))),
    )
  const isPiece = (text: string): boolean => learned.texts.some((whole) => whole.includes(text))
  expect(spliced.filter((text) => !(isJoined(text) || isPiece(text)))).toEqual([])
  expect(spliced).toEqual(expect.arrayContaining(['쌀도매재배', '타이어매', '어수']))
})
