import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { calibrationHalves } from '@kic/predictor'
import { expect, it } from 'vitest'
import { newsRows } from '../__fixtures__/news.ts'
import { newsTraining } from '../__fixtures__/news-training.ts'
import { loadClassifier } from '../load-classifier.ts'
import { trainClassifier } from './train-classifier.ts'

const OTHER: Readonly<Record<string, string>> = { sport: 'politics', politics: 'science', science: 'sport' }

it('shows a training none of the rows that guarantee something about its model', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kic-guaranteeing-'))
  const output = join(folder, 'news')
  const given = newsRows(300, 2)
  const { guaranteeing } = calibrationHalves(
    given.map(({ text, label }) => ({ text, labels: { label } })),
    'label',
  )
  // Whoever sees these rows is right in half of all rows only. Halves depend on texts, not on labels.
  const wrong = new Set(guaranteeing.map(({ text }) => text))
  const validationRows = given.map(({ text, label }) => ({
    text,
    label: wrong.has(text) ? (OTHER[label] ?? '') : label,
  }))
  const { report } = await trainClassifier(newsRows(240, 1), {
    ...newsTraining,
    output,
    validationRows,
    export: ['float32'],
    baseline: false,
  })
  expect(report.training.curve.at(-1)?.metrics.accuracy).toBeGreaterThan(0.85)
  expect(report.levels.label?.accuracy).toBeLessThan(0.6)
  expect(report.sets).toBeUndefined()
  const classifier = await loadClassifier(output)
  const { guarantees, curve } = classifier.info.calibration ?? {}
  expect([curve?.rows, guarantees?.curve.rows]).toEqual([300, guaranteeing.length])
  expect(guarantees?.curve.correct.label?.[0]).toBeLessThan(0.2 * guaranteeing.length)
  await classifier.dispose()
  await rm(folder, { recursive: true })
})
