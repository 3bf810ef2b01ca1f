import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { focalLoss } from '@kic/losses'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newsRows } from '../__fixtures__/news.ts'
import { newsTraining } from '../__fixtures__/news-training.ts'
import { parseClassifierConfig } from '../train/classifier-config.ts'
import { describeSearch } from './describe-search.ts'
import { halvingRungs } from './halving.ts'
import { search } from './search.ts'
import { defaultSpace, drawTrials, drawValues, parseSpace } from './search-space.ts'
import type { SearchResult } from './trial.ts'

const rows = newsRows(180, 1)
const options = {
  ...newsTraining,
  epochs: 9,
  trials: 9,
  space: { learningRate: [1e-6, 1e-2], 'encoder.hidden': [8, 16], batchSize: [8, 16, 32] },
}

let folder: string
let undisturbed: SearchResult
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-search-'))
  undisturbed = await search(rows, options)
}, 60_000)
afterAll(() => rm(folder, { recursive: true }))

describe('search', () => {
  it('trains all trials a little and the best of them to the end, and finds what learns', () => {
    const { trials, best, config } = undisturbed
    expect(trials.map(({ scores }) => scores.map(({ epochs }) => epochs))).toEqual([
      [1, 3, 9],
      [1, 3],
      [1, 3],
      ...Array.from({ length: 6 }, () => [1]),
    ])
    expect(trials[0]).toBe(best)
    expect(best.values.learningRate).toBe(1e-2)
    expect(best.scores.at(-1)?.score).toBeGreaterThan(0.9)
    expect(config).toMatchObject({
      epochs: 9,
      learningRate: 1e-2,
      batchSize: best.values.batchSize,
      encoder: { hidden: best.values['encoder.hidden'], layers: 1 },
    })
    const table = describeSearch(undisturbed).split('\n')
    expect(table[0]).toMatch(/^trial +learningRate +encoder.hidden +batchSize +epochs +accuracy$/)
    expect(table).toHaveLength(11)
  })

  it('resumes in its folder, and comes to the same', async () => {
    const controller = new AbortController()
    let starts = 0
    const onStart = () => {
      if (++starts === 11) controller.abort(new Error('enough'))
    }
    const place = join(folder, 'place')
    const aborted = search(rows, {
      ...options,
      folder: place,
      signal: controller.signal,
      callbacks: [{ onStart }],
    })
    await expect(aborted).rejects.toThrow('enough')
    expect((await readdir(place)).filter((name) => name.endsWith('-epochs.json'))).toHaveLength(10)
    starts = 0
    const resumed = await search(rows, {
      ...options,
      folder: place,
      callbacks: [{ onStart: () => void starts++ }],
    })
    expect(starts).toBe(3)
    expect(resumed).toEqual(undisturbed)
    await expect(search(rows, { ...options, folder: place, trials: 8 })).rejects.toMatchObject({
      code: 'classifier/other-training',
    })
  }, 60_000)

  it('may train every trial to the end, by another metric; configs that no encoder can have fail', async () => {
    const { trials, best } = await search(rows, {
      ...options,
      epochs: 1,
      trials: 9,
      strategy: 'random',
      metric: { metric: 'loss', mode: 'min' },
      space: { 'encoder.heads': [2, 3] },
    })
    expect(best.values['encoder.heads']).toBe(2)
    const failed = trials.filter(({ values }) => values['encoder.heads'] === 3)
    expect(failed.length).toBeGreaterThan(0)
    expect(trials.slice(-failed.length)).toEqual(failed)
    expect(failed[0]?.scores[0]).toMatchObject({ score: null, failure: expect.stringContaining('multiple') })
  })

  it('trains the best ones longer where steps limit the training', async () => {
    // An epoch is 11 steps, so each round has one or two of them.
    const place = join(folder, 'steps')
    const limited = { ...options, epochs: 2, maxSteps: 18, batchSize: 16, folder: place }
    const { trials } = await search(rows, { ...limited, space: { learningRate: { min: 1e-3, max: 1e-2 } } })
    const lengths = trials.map(({ scores }) => scores.map(({ epochs, maxSteps }) => [epochs, maxSteps]))
    expect(lengths.slice(0, 4)).toEqual([
      [
        [1, 2],
        [1, 6],
        [2, 18],
      ],
      [
        [1, 2],
        [1, 6],
      ],
      [
        [1, 2],
        [1, 6],
      ],
      [[1, 2]],
    ])
    expect((await readdir(place)).filter((name) => name.includes('-of-1-epochs-6-steps.json'))).toHaveLength(
      3,
    )
    const scores = trials[0]?.scores.map(({ score }) => score)
    expect(new Set(scores).size).toBeGreaterThan(1)
  })

  it.each([
    ['a vocabulary that is too small', { space: { 'encoder.vocabulary': [3, 200] } }, 'vocabSize'],
    [
      'a budget that no row fits into',
      { batchSize: undefined, space: { tokenBudget: [3, 500] } },
      'tokenBudget',
    ],
    ['rows that hold no token', { space: { 'encoder.maxLength': [1, 16] } }, 'maxLength'],
    ['a head that is not installed', { space: { head: ['none', 'mean'] } }, "no head 'none'"],
    ['a loss without its levels', { space: { loss: ['hierarchical', 'focal'] } }, 'levels above'],
    [
      'a rate that diverges at the last step',
      { maxSteps: 1, space: { learningRate: [1e38, 1e-2] }, schedule: { kind: 'constant' as const } },
      'Lower the learning rate',
    ],
  ])('continues after a trial with %s', async (_, more, failure) => {
    const result = await search(rows, { ...options, ...more, epochs: 1, trials: 2 })
    expect(result.trials.map(({ scores }) => scores.at(-1)?.failure)).toEqual([
      undefined,
      expect.stringContaining(failure),
    ])
    expect(describeSearch(result)).toContain(`trial ${(result.trials[1]?.number ?? 9) + 1} failed: `)
  })

  it.each([
    ['a key that there is not', { space: { rate: [1] } }, 'trainer/config'],
    ['a value that is none', { space: { epochs: [1.5] } }, 'trainer/config'],
    ['a range upside down', { space: { learningRate: { min: 1, max: 0.1 } } }, 'trainer/config'],
    ['what trials share', { space: { level: ['a'] } }, 'classifier/space'],
    ['a loss beside a function', { loss: focalLoss, space: { loss: ['focal'] } }, 'classifier/space'],
    ['no trials', { trials: 0 }, 'classifier/space'],
    ['no validation rows', { validationRows: [] }, 'classifier/few-rows'],
    ['a space without any encoder', { space: { 'encoder.heads': [3] }, trials: 2 }, 'classifier/space'],
  ] as const)('refuses %s', async (_, more, code) => {
    await expect(search(rows, { ...options, ...more })).rejects.toMatchObject({ code })
  })

  it.each([
    ['a metric that there is not', { metric: { metric: 'bleu', mode: 'max' } }, 'classifier/metric'],
    ['a mode that there is not', { metric: { metric: 'loss', mode: 'low' } }, 'classifier/metric'],
    ['a strategy that there is not', { strategy: 'grid' }, 'classifier/space'],
  ])('refuses %s before it trains', async (_, more, code) => {
    const onStart = () => expect.unreachable('it trains')
    const given = Object({ ...options, ...more, callbacks: [{ onStart }] })
    await expect(search(rows, given)).rejects.toMatchObject({ code })
  })
})

it('has a default space that suits the config', () => {
  const { encoder } = parseClassifierConfig({})
  const fresh = defaultSpace(1e-3, { from: undefined, tokenBudget: undefined, encoder })
  expect(fresh).toEqual({
    learningRate: { min: 2e-4, max: 5e-3, scale: 'log', integer: false },
    batchSize: [16, 32, 64],
    'encoder.hidden': [96, 160, 256],
    'encoder.layers': [1, 2, 3],
  })
  expect(Object.keys(defaultSpace(1e-3, { from: 'x', tokenBudget: 512, encoder }))).toEqual(['learningRate'])
  for (const heads of [1, 3, 5, 12]) {
    const { 'encoder.hidden': sizes } = defaultSpace(1e-3, {
      ...{ from: undefined, tokenBudget: 1 },
      encoder: { ...encoder, heads },
    })
    expect(Array.isArray(sizes) && sizes.every((hidden) => Number(hidden) % heads === 0)).toBe(true)
  }
})

it('draws from choices and ranges by the seed', () => {
  const space = parseSpace({
    rate: { min: 1e-4, max: 1e-2, scale: 'log' },
    size: { min: 10, max: 20, integer: true },
    loss: ['focal', 'r-drop'],
  })
  const drawn = Array.from({ length: 400 }, (_, trial) => drawValues(space, 7, trial))
  expect(drawValues(space, 7, 5)).toEqual(drawn[5])
  expect(drawValues(space, 8, 5)).not.toEqual(drawn[5])
  const rates = drawn.map(({ rate }) => Number(rate))
  expect(rates.every((rate) => rate >= 1e-4 && rate <= 1e-2)).toBe(true)
  expect(rates.filter((rate) => rate < 1e-3).length / 400).toBeCloseTo(0.5, 1)
  expect(new Set(drawn.map(({ size }) => size)).size).toBe(11)
  expect(new Set(drawn.map(({ loss }) => loss))).toEqual(new Set(['focal', 'r-drop']))
})

it('tries nothing twice, and not more than there is', () => {
  const space = parseSpace({ batchSize: [8, 16], loss: ['focal', 'r-drop', 'accuracy'] })
  const all = drawTrials(space, 1, 9)
  expect(all).toHaveLength(6)
  expect(new Set(all.map((values) => JSON.stringify(values))).size).toBe(6)
  expect(drawTrials(space, 1, 4)).toEqual(all.slice(0, 4))
})

it('halves as in Hyperband', () => {
  // Li et al. 2018, table 1, bracket s = 4: 81, 27, 9, 3, 1 configs for 1, 3, 9, 27, 81 of 81.
  expect(halvingRungs(81).map(({ trials, share }) => [trials, Math.round(81 * share)])).toEqual([
    [81, 1],
    [27, 3],
    [9, 9],
    [3, 27],
    [1, 81],
  ])
  expect(halvingRungs(1)).toEqual([{ trials: 1, share: 1 }])
  expect(halvingRungs(20).map(({ trials }) => trials)).toEqual([20, 6, 2])
})
