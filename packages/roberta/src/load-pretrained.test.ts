import { cp, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadSafetensors, saveSafetensors } from '@kic/nn/node'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { loadPretrained } from './load-pretrained.ts'
import { maskedLmParameters } from './masked-lm-head.ts'
import { robertaParameters } from './parameters.ts'
import { savePretrained } from './save-pretrained.ts'

const fixture = (name: string): string => fileURLToPath(new URL(`./__fixtures__/${name}`, import.meta.url))

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-pretrained-'))
})
afterEach(() => rm(folder, { recursive: true }))

it('loads a classifier whole, and saves and loads it bit for bit', async () => {
  const loaded = await loadPretrained(fixture('02-sequence-classification'))
  expect(loaded.missing).toEqual([])
  expect(loaded.unexpected).toEqual([])
  expect(loaded.params['classifier.out_proj.weight']?.shape).toEqual([7, 32])
  await savePretrained(folder, loaded)
  expect(await loadPretrained(folder)).toEqual(loaded)
  const config: unknown = JSON.parse(await readFile(join(folder, 'config.json'), 'utf8'))
  expect(config).toEqual(
    JSON.parse(await readFile(fixture('02-sequence-classification/config.json'), 'utf8')),
  )
  expect((await loadSafetensors(join(folder, 'model.safetensors'))).metadata).toEqual({ format: 'pt' })
})

it('reports fresh and unused parameters, and draws the fresh ones from the seed', async () => {
  const load = (seed: number) =>
    loadPretrained(fixture('03-masked-lm'), { seed, id2label: { 0: 'A', 1: 'B', 2: 'C' } })
  const loaded = await load(1)
  expect(loaded.missing).toEqual([
    'classifier.dense.weight',
    'classifier.dense.bias',
    'classifier.out_proj.weight',
    'classifier.out_proj.bias',
  ])
  expect([...loaded.unexpected].sort()).toEqual([
    'lm_head.bias',
    'lm_head.dense.bias',
    'lm_head.dense.weight',
    'lm_head.layer_norm.bias',
    'lm_head.layer_norm.weight',
  ])
  expect(loaded.config.label2id).toEqual({ A: 0, B: 1, C: 2 })
  const out = 'classifier.out_proj.weight'
  expect(loaded.params[out]?.shape).toEqual([3, 32])
  expect((await load(1)).params[out]).toEqual(loaded.params[out])
  expect((await load(2)).params[out]).not.toEqual(loaded.params[out])
})

it('finds an encoder without prefix, and other lists of parameters', async () => {
  const bare = await loadPretrained(fixture('01-encoder'), { parameters: robertaParameters })
  expect(bare.missing).toEqual([])
  expect(Object.keys(bare.params)[0]).toBe('roberta.embeddings.word_embeddings.weight')
  await cp(fixture('03-masked-lm'), folder, { recursive: true })
  await rename(join(folder, 'model_with_tied_keys.safetensors'), join(folder, 'model.safetensors'))
  const parameters = (config: typeof bare.config) => [
    ...robertaParameters(config),
    ...maskedLmParameters(config),
  ]
  const tied = await loadPretrained(folder, { parameters })
  expect(tied.missing).toEqual([])
  expect([...tied.unexpected].sort()).toEqual(['lm_head.decoder.bias', 'lm_head.decoder.weight'])
  expect(tied.params).toEqual((await loadPretrained(fixture('03-masked-lm'), { parameters })).params)
})

it('refuses what is not a RoBERTa folder, naming the file', async () => {
  const refuses = (code: string, text: string) =>
    expect(loadPretrained(folder)).rejects.toMatchObject({ code, message: expect.stringContaining(text) })
  await refuses('roberta/file', join(folder, 'config.json'))
  await writeFile(join(folder, 'config.json'), '{')
  await refuses('roberta/config', 'config.json')
  await writeFile(join(folder, 'config.json'), '{"model_type":"electra"}')
  await refuses('roberta/model-type', '"electra"')
  await cp(fixture('02-sequence-classification/config.json'), join(folder, 'config.json'))
  await writeFile(join(folder, 'pytorch_model.bin'), '')
  await refuses('roberta/file', 'only pytorch_model.bin')
  await saveSafetensors(join(folder, 'model.safetensors'), {})
  await refuses('roberta/no-encoder', folder)
})

it('refuses weights of another shape than the config says', async () => {
  const { tensors } = await loadSafetensors(fixture('02-sequence-classification/model.safetensors'))
  const config = JSON.parse(await readFile(fixture('02-sequence-classification/config.json'), 'utf8'))
  await saveSafetensors(join(folder, 'model.safetensors'), tensors)
  await writeFile(join(folder, 'config.json'), JSON.stringify({ ...config, vocab_size: 121 }))
  await expect(loadPretrained(folder)).rejects.toMatchObject({
    code: 'nn/parameter-shape',
    message: expect.stringMatching(/word_embeddings\.weight' is \[120,32\], the model needs \[121,32\]/),
  })
})
