import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { initialize, type ParamSpec } from '@kic/nn'
import { saveSafetensors } from '@kic/safetensors/node'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createRobertaConfig } from './config.ts'
import { loadPretrained } from './load-pretrained.ts'
import { maskedLmParameters } from './masked-lm-head.ts'
import { meanHead } from './mean-head.ts'
import { CARD_MARK } from './model-card.ts'
import { ngramHead } from './ngram-head.ts'
import { robertaParameters } from './parameters.ts'
import { savePretrained } from './save-pretrained.ts'
import { sequenceClassifier } from './sequence-classifier.ts'

const config = createRobertaConfig({
  vocab_size: 20,
  hidden_size: 8,
  num_hidden_layers: 1,
  num_attention_heads: 2,
  intermediate_size: 16,
  max_position_embeddings: 12,
  num_labels: 2,
})
const params = initialize(sequenceClassifier(config).parameters, 3)

let parent = ''
let folder = ''
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'kic-save-'))
  folder = join(parent, 'model')
})
afterEach(() => rm(parent, { recursive: true }))

const savedConfig = async () => JSON.parse(await readFile(join(folder, 'config.json'), 'utf8'))
const card = () => readFile(join(folder, 'README.md'), 'utf8')

describe('savePretrained', () => {
  it('writes labels with their names, and a card with figures and the commands behind them', async () => {
    await savePretrained(
      folder,
      { config, params },
      {
        labels: {
          classification: 'KSIC rev. 10',
          level: 'section',
          codes: ['A', 'B'],
          names: ['농업, 임업 및 어업', '광업'],
        },
        card: {
          data: '1,000 answers.',
          metrics: [
            { name: 'accuracy', value: 0.75, data: 'dev.tsv', command: 'kic evaluate model | tee log' },
          ],
          language: 'en',
          licence: 'apache-2.0',
          licenceNote: 'The answers are not public.',
          baseModel: 'klue/roberta-small',
        },
        files: (at) => writeFile(join(at, 'vocab.txt'), '[PAD]\n'),
      },
    )
    expect((await readdir(folder)).sort()).toEqual([
      'README.md',
      'config.json',
      'model.safetensors',
      'vocab.txt',
    ])
    expect(await savedConfig()).toMatchObject({
      architectures: ['RobertaForSequenceClassification'],
      id2label: { 0: 'A', 1: 'B' },
      label2id: { A: 0, B: 1 },
      kic: {
        classification: 'KSIC rev. 10',
        level: 'section',
        names: { A: '농업, 임업 및 어업', B: '광업' },
      },
    })
    const text = await card()
    expect(text).toMatch(/^---\nlanguage: "en"\nlicense: "apache-2.0"\nlibrary_name: transformers\n/)
    expect(text).toContain('| accuracy | 0.75 | dev.tsv | `kic evaluate model \\| tee log` |')
    expect(text).toContain('2 labels: section of KSIC rev. 10.')
    expect(text).toContain('The answers are not public. Training started from klue/roberta-small')
    const loaded = await loadPretrained(folder)
    expect(loaded.params).toEqual(params)
    expect(loaded.config.kic?.names?.B).toBe('광업')
  })

  it('does not write YAML or Markdown from given values', async () => {
    await savePretrained(
      folder,
      { config, params },
      { card: { licence: 'mit\nevil: true', title: 'a\n# b' } },
    )
    expect(await card()).toMatch(/^---\nlicense: "mit\\nevil: true"\n/)
    expect(await card()).toContain('\n# a # b\n')
  })

  it.each<[string, readonly ParamSpec[]]>([
    ['RobertaModel', robertaParameters(config)],
    ['RobertaForMaskedLM', [...robertaParameters(config), ...maskedLmParameters(config)]],
  ])('names the class of transformers: %s', async (architecture, specs) => {
    await savePretrained(folder, { config, params: initialize(specs, 1) })
    expect((await savedConfig()).architectures).toEqual([architecture])
    expect((await savedConfig()).kic).toBeUndefined()
    expect(await card()).toContain(`from transformers import ${architecture}`)
  })

  it('names no class of transformers for an encoder with n-grams, and the head of its classifier', async () => {
    const ngrams = createRobertaConfig({ ...config, ngram_sizes: [1, 2], ngram_buckets: 11 })
    for (const [specs, head] of [
      [robertaParameters(ngrams), undefined],
      [[...robertaParameters(ngrams), ...maskedLmParameters(ngrams)], undefined],
      [sequenceClassifier(ngrams).parameters, 'standard'],
      [sequenceClassifier(ngrams, ngramHead).parameters, 'ngram'],
    ] as const) {
      const values = initialize(specs, 1)
      const model = { config: ngrams, params: values, ...(head === 'ngram' && { head: ngramHead }) }
      await savePretrained(folder, model)
      expect(await savedConfig()).not.toHaveProperty('architectures')
      expect((await savedConfig()).kic).toEqual(head && { head })
      expect(await card()).toContain('It also reads n-grams of 1, 2 tokens.')
      expect(await card()).not.toContain('from_pretrained')
      const loaded = await loadPretrained(folder, { parameters: () => specs })
      expect(loaded.params).toEqual(values)
      expect(loaded.config.ngram_buckets).toBe(11)
    }
  })

  it('records the head of a complete classifier, and protects the parameters of the standard head from another one', async () => {
    const mean = sequenceClassifier(config, meanHead)
    await savePretrained(folder, { ...mean, params: initialize(mean.parameters, 1) })
    expect(await savedConfig()).toMatchObject({ architectures: ['RobertaModel'], kic: { head: 'mean' } })
    const standard = sequenceClassifier(config)
    await savePretrained(folder, { ...standard, params: initialize(standard.parameters, 1) })
    expect((await savedConfig()).architectures).toEqual(['RobertaForSequenceClassification'])
    await expect(loadPretrained(folder, { head: meanHead })).rejects.toMatchObject({
      code: 'roberta/head',
      message: expect.stringContaining('classifier.dense.weight'),
    })
    const fresh = (name: string): boolean => name.startsWith('classifier.')
    expect((await loadPretrained(folder, { head: meanHead, fresh })).missing.length).toBe(4)
  })

  it('states the requirements of a head, and does not load it as another one', async () => {
    await savePretrained(folder, { config, params, head: meanHead })
    expect(await savedConfig()).toMatchObject({ architectures: ['RobertaModel'], kic: { head: 'mean' } })
    expect(await card()).toContain('transformers has no head `mean` and loads only the encoder')
    await expect(loadPretrained(folder)).rejects.toMatchObject({
      code: 'roberta/head',
      message: expect.stringContaining("'mean'"),
    })
    const loaded = await loadPretrained(folder, { head: meanHead })
    expect(loaded.params).toEqual(params)
    await savePretrained(folder, loaded)
    expect((await savedConfig()).kic).toEqual({ head: 'mean' })
    const restarted = await loadPretrained(folder, { fresh: (name) => name.startsWith('classifier.') })
    expect(restarted.missing.length).toBe(4)
  })

  it('refuses labels that do not match the classes', async () => {
    const save = (codes: string[], names: string[], id2label?: Record<string, string>) =>
      savePretrained(
        folder,
        { config: id2label ? { ...config, id2label } : config, params },
        { labels: { classification: 'x', level: 'y', codes, names } },
      )
    for (const [codes, names, id2label] of [
      [['A'], ['a'], undefined],
      [['A', 'B'], ['a'], undefined],
      [['A', 'A'], ['a', 'b'], undefined],
      [['A', 'B'], ['a', 'b'], { 0: 'B', 1: 'A' }],
    ] as const) {
      await expect(save([...codes], [...names], id2label)).rejects.toMatchObject({ code: 'roberta/labels' })
    }
    expect(await readdir(parent)).toEqual([])
  })

  it('replaces a model as a whole: removes other weights, keeps other files and an own card', async () => {
    await saveSafetensors(join(folder, 'model-00001-of-00002.safetensors'), {})
    await writeFile(join(folder, 'pytorch_model.bin'), 'old')
    await writeFile(join(folder, 'vocab.txt'), 'kept')
    await writeFile(join(folder, 'README.md'), '# Mine\n')
    await savePretrained(folder, { config, params })
    expect((await readdir(folder)).sort()).toEqual([
      'README.md',
      'config.json',
      'model.safetensors',
      'vocab.txt',
    ])
    expect(await card()).toBe('# Mine\n')
    await writeFile(join(folder, 'README.md'), `old\n${CARD_MARK}\n`)
    await savePretrained(folder, { config, params })
    expect(await card()).toContain('# RoBERTa model')
  })

  it('leaves the old model unchanged after a failure', async () => {
    await savePretrained(folder, { config, params })
    const failing = savePretrained(
      folder,
      { config, params: initialize(sequenceClassifier(config).parameters, 4) },
      { files: () => Promise.reject(new Error('no vocabulary')) },
    )
    await expect(failing).rejects.toMatchObject({ code: 'core/write-failed' })
    expect((await loadPretrained(folder)).params).toEqual(params)
    expect(await readdir(parent)).toEqual(['model'])
  })
})
