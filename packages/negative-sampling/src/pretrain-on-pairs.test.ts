import { defined } from '@kic/core'
import { type Engine, selectEngine } from '@kic/engine'
import { initialize, initializeFrom } from '@kic/nn'
import { robertaParameters, sequenceClassifier } from '@kic/roberta'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { names, tinyConfig, tinyRows, tinyTokenizer } from './__fixtures__/tiny-task.ts'
import { pairScorer } from './pair-scorer.ts'
import { type PretrainOnPairsOptions, pretrainOnPairs } from './pretrain-on-pairs.ts'
import { firstCandidates, rerank, topCandidates } from './rerank.ts'

const [train, heldOut] = [tinyRows(400, 1), tinyRows(100, 2)]
let engine: Engine | undefined
beforeAll(async () => {
  engine = await selectEngine('compiled', { session: { intraOpNumThreads: 1 } })
})
afterAll(() => engine?.dispose())
const run = (options: Partial<PretrainOnPairsOptions> = {}) => {
  if (engine === undefined) throw new Error('no engine')
  return pretrainOnPairs({
    engine,
    config: tinyConfig,
    tokenizer: tinyTokenizer,
    rows: train,
    heldOut,
    names,
    negatives: { kind: 'random' },
    epochs: 6,
    batchSize: 32,
    learningRate: 5e-3,
    seed: 1,
    ...options,
  })
}

it('learns the names that belong to a text, ranks all of them, and corrects a classifier', async () => {
  const { model, params, encoder, evaluations } = await run({ ratio: 3 })
  expect(evaluations.at(-1)?.metrics.accuracy).toBeGreaterThan(0.9)
  if (engine === undefined) throw new Error('no engine')
  const score = pairScorer({
    engine,
    model,
    tokenizer: tinyTokenizer,
    names,
    maxLength: 32,
    typeVocabSize: tinyConfig.type_vocab_size,
  })
  const placed = engine.place(params)
  const all = await score.all(placed, heldOut.texts)
  expect(all).toHaveLength(400)
  const share = (labels: Int32Array): number =>
    labels.filter((label, row) => label === heldOut.labels[row]).length / labels.length
  expect(share(firstCandidates(topCandidates(all, 4, 1)))).toBeGreaterThan(0.9)

  // A classifier that always prefers the next class, narrowly.
  const probabilities = Float32Array.from({ length: 400 }, (_, i) => {
    const distance = ((i % 4) - defined(heldOut.labels[Math.floor(i / 4)]) + 4) % 4
    return defined([0.4, 0.5, 0.06, 0.04][distance])
  })
  const candidates = topCandidates(probabilities, 4, 2)
  expect(share(firstCandidates(candidates))).toBe(0)
  const pairScores = await score(placed, heldOut.texts, candidates)
  for (const [i, label] of Array.from(candidates.classes).entries()) {
    expect(pairScores[i]).toBeCloseTo(defined(all[Math.floor(i / 2) * 4 + label]), 4)
  }
  const ranked = { probabilities, classes: 4, candidates, pairScores }
  expect(share(firstCandidates(rerank(ranked)))).toBeGreaterThan(0.9)
  expect(rerank({ ...ranked, weight: 0 })).toEqual(candidates)
  score.dispose()

  // The encoder fits a model with any classes.
  const next = sequenceClassifier(tinyConfig)
  const { fresh, unused } = initializeFrom(next.parameters, encoder, 2)
  expect(fresh.every((name) => name.startsWith('classifier.'))).toBe(true)
  expect(unused).toEqual([])
})

it('trains encoders that read n-grams, row by row of their table', async () => {
  const config = { ...tinyConfig, ngram_sizes: [1, 2], ngram_buckets: 4093 }
  const { encoder, evaluations } = await run({ config, ratio: 3 })
  expect(evaluations.at(-1)?.metrics.accuracy).toBeGreaterThan(0.8)
  const { data } = defined(encoder['roberta.embeddings.ngram_embeddings.weight'])
  const rows = Array.from({ length: 4093 }, (_, row) =>
    data.subarray(row * tinyConfig.hidden_size, (row + 1) * tinyConfig.hidden_size).some((x) => x !== 0),
  )
  const changed = rows.filter(Boolean).length
  expect(changed).toBeGreaterThan(20)
  expect(changed).toBeLessThan(2000)
})

it('starts from an encoder without its head', async () => {
  const previous = initialize(
    [
      ...robertaParameters(tinyConfig),
      ...sequenceClassifier({ ...tinyConfig, id2label: { 0: 'a' } }).parameters.slice(-4),
    ],
    9,
  )
  const { fresh } = await run({ checkpoint: previous, epochs: 1 })
  expect(fresh).toEqual(
    sequenceClassifier(tinyConfig)
      .parameters.slice(-4)
      .map(({ name }) => name),
  )
})

it('refuses candidates and scores that do not match', async () => {
  if (engine === undefined) throw new Error('no engine')
  const { model, params } = await run({ epochs: 1, rows: tinyRows(20, 1) })
  const score = pairScorer({
    engine,
    model,
    tokenizer: tinyTokenizer,
    names,
    maxLength: 32,
    typeVocabSize: 2,
  })
  const placed = engine.place(params)
  await expect(score(placed, ['책'], { classes: [0, 1, 2], perText: 2 })).rejects.toMatchObject({
    code: 'negative-sampling/candidates',
  })
  await expect(score(placed, ['책'], { classes: [0, 4], perText: 2 })).rejects.toMatchObject({
    code: 'negative-sampling/candidates',
    message: expect.stringContaining('class 4'),
  })
  expect(() => topCandidates([0.1, 0.9], 2, 3)).toThrowError(
    expect.objectContaining({ code: 'scores/top-k' }),
  )
  expect(() =>
    rerank({
      probabilities: [0.1, 0.9],
      classes: 2,
      candidates: { classes: [1, 0], perText: 2 },
      pairScores: [0],
    }),
  ).toThrowError(expect.objectContaining({ code: 'negative-sampling/rerank' }))
})
