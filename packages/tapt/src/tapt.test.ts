import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defined } from '@kic/core'
import { defaultPreparation } from '@kic/data/prepare'
import { type Engine, selectEngine } from '@kic/engine'
import { initialize } from '@kic/nn'
import { createRobertaConfig, lora, sequenceClassifier } from '@kic/roberta'
import { folderCheckpoints } from '@kic/trainer/node'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { tinyTexts, tinyTokenizer } from './__fixtures__/tiny-corpus.ts'
import { maskedLanguageModel } from './masked-language-model.ts'
import { fromScratchTapt } from './presets.ts'
import { type TaptOptions, tapt } from './tapt.ts'

const config = createRobertaConfig({
  vocab_size: tinyTokenizer.vocabSize,
  hidden_size: 32,
  num_hidden_layers: 1,
  num_attention_heads: 2,
  intermediate_size: 64,
  max_position_embeddings: 34,
  type_vocab_size: 1,
  initializer_range: 0.06,
})
const preset = { ...fromScratchTapt, epochs: 3, batchSize: 32, learningRate: 3e-3 }
const [texts, heldOut] = [tinyTexts(500, 1), tinyTexts(150, 2)]

let [engine, folder] = [undefined as Engine | undefined, '']
beforeAll(async () => {
  engine = await selectEngine('compiled', { session: { intraOpNumThreads: 1 } })
  folder = await mkdtemp(join(tmpdir(), 'tapt-'))
})
afterAll(async () => {
  engine?.dispose()
  await rm(folder, { recursive: true })
})
const run = (options: Partial<TaptOptions> = {}) => {
  if (engine === undefined) throw new Error('no engine')
  return tapt({ engine, config, tokenizer: tinyTokenizer, texts, heldOut, preset, seed: 4, ...options })
}

it('lowers held-out perplexity in every epoch, to less than half of the first value', async () => {
  const { evaluations, encoder, params, fresh } = await run()
  expect(evaluations.map(({ epoch }) => epoch)).toEqual([0, 1, 2, 3])
  const perplexities = evaluations.map(({ perplexity }) => perplexity)
  expect([...perplexities].sort((a, b) => b - a)).toEqual(perplexities)
  // At first, all tokens are about equally likely.
  expect(perplexities[0]).toBeGreaterThan(0.7 * tinyTokenizer.vocabSize)
  expect(perplexities.at(-1)).toBeLessThan(defined(perplexities[0]) / 2)
  expect(fresh).toEqual(Object.keys(params))
  expect(Object.keys(encoder)).toEqual(Object.keys(params).filter((name) => name.startsWith('roberta.')))
})

it('pretrains an encoder that reads n-grams, resumes it bit for bit, and leaves unseen n-grams zero', async () => {
  const ngrams = { ...config, ngram_sizes: [1, 2, 3], ngram_buckets: 8191 }
  const constant = { ...preset, schedule: { kind: 'constant' }, epochs: 1 } as const
  const at = join(folder, 'ngrams')
  const checkpoints = { store: folderCheckpoints(at, { keepLast: 1 }), resume: true }
  await run({ config: ngrams, preset: constant, checkpoints })
  const second = await run({ config: ngrams, preset: { ...constant, epochs: 2 }, checkpoints })
  const whole = await run({ config: ngrams, preset: { ...constant, epochs: 2 } })
  expect(second.params).toEqual(whole.params)
  const [before, after] = [whole.evaluations[0], whole.evaluations.at(-1)]
  expect(after?.perplexity).toBeLessThan(defined(before).perplexity / 2)
  const { data } = defined(whole.encoder['roberta.embeddings.ngram_embeddings.weight'])
  const seen = data.filter((x) => x !== 0).length / data.length
  expect(seen).toBeGreaterThan(0.01)
  expect(seen).toBeLessThan(0.9)
})

it('gives the same bits in several runs as in one long run, with a constant rate', async () => {
  const constant = { ...preset, schedule: { kind: 'constant' } } as const
  const checkpoints = { store: folderCheckpoints(folder, { keepLast: 1 }), resume: true }
  await run({ preset: { ...constant, epochs: 1 }, checkpoints })
  const second = await run({ preset: { ...constant, epochs: 2 }, checkpoints })
  const whole = await run({ preset: { ...constant, epochs: 2 } })
  expect(second.params).toEqual(whole.params)
  expect(second.evaluations).toEqual(whole.evaluations)
})

it('starts from a masked language model, or from a classifier without its head', async () => {
  const one = { ...preset, epochs: 1 }
  const first = await run({ preset: one })
  const again = await run({ preset: one, checkpoint: first.params })
  expect(again.fresh).toEqual([])
  expect(again.evaluations[0]?.perplexity).toBeCloseTo(defined(first.evaluations[1]).perplexity, 5)

  const classifier = initialize(sequenceClassifier(config).parameters, 1)
  const { fresh } = await run({ preset: { ...one, batchSize: 600 }, checkpoint: classifier })
  expect(fresh.every((name) => name.startsWith('lm_head.'))).toBe(true)

  const { 'roberta.encoder.layer.0.output.dense.weight': _, ...holed } = classifier
  await expect(run({ checkpoint: holed })).rejects.toMatchObject({
    code: 'tapt/incomplete-checkpoint',
    message: expect.stringContaining('layer.0.output.dense.weight'),
  })
})

it('refuses or lists texts without a token to mask', async () => {
  const bad = [...texts.slice(0, 40), '', ...texts.slice(40, 60), '?!']
  await expect(run({ texts: bad })).rejects.toMatchObject({
    code: 'tapt/nothing-to-mask',
    message: expect.stringMatching(/received 2 of 62 .* number 40/),
  })
  const { leftOut } = await run({ texts: bad, unmaskable: 'leave-out', preset: { ...preset, epochs: 1 } })
  expect(leftOut).toEqual([40, 61])
  await expect(run({ texts: [], unmaskable: 'leave-out' })).rejects.toMatchObject({ code: 'tapt/no-texts' })
})

it('prepares texts with the given or the default preparation', async () => {
  const noisy = texts.map((text) => `\ufeff${text.normalize('NFD').replaceAll(' ', '\u00a0\u200b')}\n`)
  const one = { texts: noisy, preset: { ...preset, epochs: 1 } }
  const { params } = await run({ preset: one.preset })
  expect((await run(one)).params).toEqual(params)
  // The vocabulary has syllables; the texts have jamo.
  const unprepared = { ...one, preparation: { ...defaultPreparation, normalization: 'none' } } as const
  await expect(run(unprepared)).rejects.toMatchObject({ code: 'tapt/nothing-to-mask' })
})

it('refuses a tokenizer of another model', async () => {
  const { vocab_size } = config
  await expect(run({ config: { ...config, vocab_size: vocab_size - 1 } })).rejects.toMatchObject({
    code: 'tapt/vocabulary',
  })
})

it('trains adapters beside a frozen encoder, merges them, and needs an encoder', async () => {
  const { encoder: checkpoint } = await run({ preset: { ...preset, epochs: 1 } })
  const adapters = lora({ rank: 4 })
  const { encoder, params, evaluations, fresh } = await run({ checkpoint, lora: adapters })
  expect(fresh.every((name) => name.startsWith('lm_head.'))).toBe(true)
  expect(Object.keys(params)).toEqual(maskedLanguageModel(config).parameters.map(({ name }) => name))
  for (const [name, { data }] of Object.entries(encoder)) {
    if (/self\.(query|value)\.weight$/.test(name)) expect(data, name).not.toEqual(checkpoint[name]?.data)
    else expect(data, name).toEqual(checkpoint[name]?.data)
  }
  expect(evaluations.at(-1)?.perplexity).toBeLessThan(defined(evaluations[0]).perplexity)
  // The merged parameters score as the adapted ones did.
  const again = await run({ checkpoint: params, preset: { ...preset, epochs: 1 } })
  expect(again.evaluations[0]?.perplexity).toBeCloseTo(evaluations.at(-1)?.perplexity ?? Number.NaN, 3)
  await expect(run({ lora: adapters })).rejects.toMatchObject({ code: 'tapt/incomplete-checkpoint' })
})
