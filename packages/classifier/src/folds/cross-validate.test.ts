import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newsRows } from '../__fixtures__/news.ts'
import { newsTraining } from '../__fixtures__/news-training.ts'
import { trainClassifier } from '../train/train-classifier.ts'
import { type CrossValidation, crossValidate } from './cross-validate.ts'
import { describeCrossValidation } from './describe-cross-validation.ts'

const topics = ['politics', 'science', 'sport']
const rows = newsRows(240, 1)
const options = { ...newsTraining, folds: 3 }

let folder: string
let undisturbed: CrossValidation
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-folds-'))
  undisturbed = await crossValidate(rows, options)
})
afterAll(() => rm(folder, { recursive: true }))

describe('crossValidate', () => {
  it('judges every row by a model that did not learn from it', () => {
    const { classes, probabilities, report } = undisturbed
    expect(classes).toEqual(topics)
    expect(probabilities).toHaveLength(240 * 3)
    for (let row = 0; row < 240; row++) {
      const sum = probabilities.subarray(row * 3, row * 3 + 3).reduce((a, b) => a + b, 0)
      expect(sum).toBeCloseTo(1, 5)
    }
    expect(report.all.levels.label?.accuracy).toBeGreaterThan(0.9)
    expect(report.folds.map((fold) => [fold.rows, fold.trainingRows])).toEqual([
      [80, 160],
      [80, 160],
      [80, 160],
    ])
    const right = report.folds.reduce((sum, fold) => sum + fold.rows * (fold.levels.label?.accuracy ?? 0), 0)
    expect(right / 240).toBeCloseTo(report.all.levels.label?.accuracy ?? 0, 10)
    expect(describeCrossValidation(report)).toMatch(
      /^cross-validation \(label\):\n.*accuracy.*\nfold 1 .*\nfold 2 .*\nfold 3 .*\nall rows .* 240\naccuracy .* ± .* over 3 folds\n$/,
    )
  })

  it('cannot learn labels by heart: labels without a pattern are guessed', async () => {
    const random = rows.map((row, i) => ({ ...row, label: topics[(i * i + (i >> 2)) % 3] ?? '' }))
    const twice = [...random, ...random]
    const { report } = await crossValidate(twice, { ...options, folds: 2, epochs: 12 })
    expect(report.all.levels.label?.accuracy).toBeLessThan(0.5)
  })

  it('refuses rows of one text, which are all in one fold', async () => {
    const same = rows.map(({ label }) => ({ text: 'goal', label }))
    await expect(crossValidate(same, options)).rejects.toMatchObject({
      code: 'classifier/few-rows',
      message: expect.stringContaining('received 240 rows that all have one text'),
    })
  })

  it('finds labels that are wrong', async () => {
    const wrong = new Set([5, 50, 99, 150, 201])
    const noisy = rows.map((row, i) =>
      wrong.has(i) ? { ...row, label: topics[(topics.indexOf(row.label) + 1) % 3] ?? '' } : row,
    )
    const { noisyLabels, classes } = await crossValidate(noisy, options)
    const found = noisyLabels.slice(0, 5)
    expect(found.filter(({ row }) => wrong.has(row)).length).toBeGreaterThan(3)
    for (const { row, suggested } of found)
      if (wrong.has(row)) expect(classes[suggested]).toBe(rows[row]?.label)
  })

  it('resumes in its folder, and comes to the same', async () => {
    const place = join(folder, 'place')
    const controller = new AbortController()
    let starts = 0
    const aborted = crossValidate(rows, {
      ...options,
      folder: place,
      signal: controller.signal,
      callbacks: [
        {
          onStart: () => void starts++,
          onStep: ({ step }) =>
            starts === 2 && step === 25 ? controller.abort(new Error('enough')) : undefined,
        },
      ],
    })
    await expect(aborted).rejects.toThrow('enough')
    expect((await readdir(place)).sort()).toEqual([
      'fold-1.json',
      'fold-1.safetensors',
      'fold-2',
      'training.json',
    ])
    const started: number[] = []
    const callbacks = [{ onStart: ({ step }: { step: number }) => void started.push(step) }]
    const resumed = await crossValidate(rows, { ...options, folder: place, callbacks })
    expect(started).toEqual([25, 0])
    expect(resumed.probabilities).toEqual(undisturbed.probabilities)
    expect(resumed.report).toEqual(undisturbed.report)
    await expect(crossValidate(rows, { ...options, folder: place, folds: 4 })).rejects.toMatchObject({
      code: 'classifier/other-training',
    })
  })

  it('keeps rows back inside of each fold to stop early by', async () => {
    const { report } = await crossValidate(rows, {
      ...options,
      epochs: 40,
      evaluate: { earlyStopping: { patience: 2 } },
    })
    for (const fold of report.folds) {
      expect(fold.trainingRows).toBe(144)
      expect(fold.stopped).toBe('early-stopping')
    }
  })

  it('starts each fold from a saved classifier, with all of its classes', async () => {
    const output = join(folder, 'saved')
    await trainClassifier(newsRows(120, 4), { ...newsTraining, output, epochs: 2, export: ['float32'] })
    const two = newsRows(60, 5).filter(({ label }) => label !== 'science')
    const { classes, probabilities } = await crossValidate(two, {
      ...options,
      folds: 2,
      epochs: 1,
      from: output,
    })
    expect([classes, probabilities.length]).toEqual([topics, two.length * 3])
  })

  it('refuses fewer than two folds', async () => {
    await expect(crossValidate(rows, { ...options, folds: 1 })).rejects.toMatchObject({
      code: 'data/bad-folds',
    })
  })
})
