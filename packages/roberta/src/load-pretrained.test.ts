import { cp, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadSafetensors, saveSafetensors } from '@kic/safetensors/node'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { RobertaConfig } from './config.ts'
import { loadPretrained } from './load-pretrained.ts'
import { formatLoadReport } from './load-report.ts'
import { maskedLmParameters } from './masked-lm-head.ts'
import { robertaParameters } from './parameters.ts'
import { savePretrained } from './save-pretrained.ts'

const fixture = (name: string): string => fileURLToPath(new URL(`./__fixtures__/${name}`, import.meta.url))

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-pretrained-'))
})
afterEach(() => rm(folder, { recursive: true }))

it('loads a complete classifier, and saves and loads it bit for bit', async () => {
  const loaded = await loadPretrained(fixture('02-sequence-classification'))
  expect(loaded.missing).toEqual([])
  expect(loaded.unexpected).toEqual([])
  expect(loaded.params['classifier.out_proj.weight']?.shape).toEqual([7, 32])
  await savePretrained(folder, loaded)
  const again = await loadPretrained(folder)
  expect(again).toEqual({ ...loaded, report: { ...loaded.report, folder } })
  await savePretrained(folder, again)
  expect(await readFile(join(folder, 'model.safetensors'))).toEqual(
    await readFile(fixture('02-sequence-classification/model.safetensors')),
  )
  const config: unknown = JSON.parse(await readFile(join(folder, 'config.json'), 'utf8'))
  expect(config).toEqual(
    JSON.parse(await readFile(fixture('02-sequence-classification/config.json'), 'utf8')),
  )
  expect((await loadSafetensors(join(folder, 'model.safetensors'))).metadata).toEqual({ format: 'pt' })
})

it('skips a tensor of an unsupported type, and refuses one that the model needs', async () => {
  await cp(fixture('02-sequence-classification'), folder, { recursive: true })
  const path = join(folder, 'model.safetensors')
  const whole = await readFile(path)
  /** The same file with another name for a tensor, or with one more. */
  const rewrite = async (change: (header: Record<string, unknown>, end: number) => void) => {
    const start = 8 + Number(whole.readBigUInt64LE())
    const header: Record<string, unknown> = JSON.parse(whole.subarray(8, start).toString())
    change(header, whole.length - start)
    const text = Buffer.from(JSON.stringify(header))
    const length = Buffer.alloc(8)
    length.writeBigUInt64LE(BigInt(text.length))
    await writeFile(path, Buffer.concat([length, text, whole.subarray(start), Buffer.alloc(4)]))
  }
  await rewrite((header, end) => {
    header.scales = { dtype: 'U32', shape: [1], data_offsets: [end, end + 4] }
  })
  expect((await loadPretrained(folder)).unexpected).toEqual(['scales'])
  await rewrite((header, end) => {
    header.scales = { dtype: 'U8', shape: [4], data_offsets: [end, end + 4] }
    header['classifier.out_proj.bias'] = { ...Object(header['classifier.out_proj.bias']), dtype: 'U32' }
  })
  await expect(loadPretrained(folder)).rejects.toMatchObject({
    code: 'safetensors/tensor-dtype',
    message: expect.stringContaining('"classifier.out_proj.bias" is of U32'),
  })
})

it('refuses a config that claims far more than the weights have before allocating memory', async () => {
  await cp(fixture('01-encoder'), folder, { recursive: true })
  const path = join(folder, 'config.json')
  const config: object = JSON.parse(await readFile(path, 'utf8'))
  await writeFile(path, JSON.stringify({ ...config, hidden_size: 1e9 }))
  await expect(loadPretrained(folder)).rejects.toMatchObject({
    code: 'roberta/config',
    message: expect.stringMatching(/config\.json.*hidden_size/),
  })
  const huge = {
    hidden_size: 65_536,
    intermediate_size: 65_536,
    num_hidden_layers: 1024,
    num_attention_heads: 1,
  }
  const sizes = { ...huge, vocab_size: 1, pad_token_id: 0, max_position_embeddings: 16 }
  await writeFile(path, JSON.stringify({ ...config, ...sizes }))
  const word = { dtype: 'float32', shape: [1, 65_536], data: new Float32Array(65_536) } as const
  await saveSafetensors(join(folder, 'model.safetensors'), {
    'roberta.embeddings.word_embeddings.weight': word,
  })
  const before = process.memoryUsage().rss
  await expect(loadPretrained(folder)).rejects.toMatchObject({ code: 'roberta/incomplete' })
  expect(process.memoryUsage().rss - before).toBeLessThan(2 ** 28)
})

it('refuses an encoder with fewer layers than its config says, unless they are declared fresh', async () => {
  await cp(fixture('02-sequence-classification'), folder, { recursive: true })
  const path = join(folder, 'config.json')
  const { num_hidden_layers: layers, ...config } = JSON.parse(await readFile(path, 'utf8'))
  await writeFile(path, JSON.stringify(config))
  await expect(loadPretrained(folder)).rejects.toMatchObject({ code: 'roberta/incomplete' })
  await writeFile(path, JSON.stringify({ ...config, num_hidden_layers: layers + 1 }))
  await expect(loadPretrained(folder)).rejects.toMatchObject({ code: 'roberta/incomplete' })
  const fresh = (name: string): boolean => name.includes(`encoder.layer.${layers}.`)
  expect((await loadPretrained(folder, { fresh })).missing.every(fresh)).toBe(true)
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

it('refuses folders other than RoBERTa’s, and reports the file', async () => {
  const refuses = (code: string, text: string) =>
    expect(loadPretrained(folder)).rejects.toMatchObject({ code, message: expect.stringContaining(text) })
  await refuses('roberta/file', join(folder, 'config.json'))
  await writeFile(join(folder, 'config.json'), '{')
  await refuses('roberta/config', 'config.json')
  await writeFile(join(folder, 'config.json'), '{"model_type":"electra"}')
  await refuses('roberta/model-type', '"electra"')
  await cp(fixture('02-sequence-classification/config.json'), join(folder, 'config.json'))
  await refuses('checkpoints/no-weights', folder)
  await writeFile(join(folder, 'pytorch_model.bin'), '')
  await refuses('checkpoints/pickle-damaged', 'pytorch_model.bin')
  await saveSafetensors(join(folder, 'model.safetensors'), {})
  await refuses('roberta/no-encoder', folder)
})

it('refuses weights of another shape than the config says', async () => {
  await cp(fixture('02-sequence-classification'), folder, { recursive: true })
  const id2label = { 0: 'A', 1: 'B' }
  const load = loadPretrained(folder, { id2label })
  await expect(load).rejects.toMatchObject({
    code: 'nn/parameter-shape',
    message: expect.stringMatching(/out_proj\.weight' must be \[2,32\], received \[7,32\].*option fresh/),
  })
  const fresh = (name: string) => name.startsWith('classifier.')
  const { params, missing, unexpected } = await loadPretrained(folder, { id2label, fresh })
  expect(params['classifier.out_proj.weight']?.shape).toEqual([2, 32])
  expect(missing.length).toBe(4)
  expect(unexpected).toEqual(missing)
})

it('loads a vocabulary of another size only on request', async () => {
  await cp(fixture('02-sequence-classification'), folder, { recursive: true })
  const refused = {
    code: 'roberta/vocabulary-size',
    message: expect.stringMatching(/have 120 rows.*your tokenizer has 130 tokens/),
  }
  await expect(loadPretrained(folder, { vocabSize: 130 })).rejects.toMatchObject(refused)
  const before = await loadPretrained(folder, { vocabSize: 120 })
  const grown = await loadPretrained(folder, { vocabSize: 130, resizeVocabulary: true })
  expect(grown.config.vocab_size).toBe(130)
  const table = 'roberta.embeddings.word_embeddings.weight'
  expect(grown.params[table]?.shape).toEqual([130, 32])
  expect(grown.params[table]?.data.slice(0, 120 * 32)).toEqual(before.params[table]?.data)
  expect(formatLoadReport(grown.report)).toContain('vocabulary resized from 120 to 130 tokens')
  const rows = [7, 3, undefined]
  const moved = await loadPretrained(folder, { vocabSize: 3, resizeVocabulary: rows })
  expect(moved.params[table]?.data.slice(0, 32)).toEqual(before.params[table]?.data.slice(7 * 32, 8 * 32))

  const config = JSON.parse(await readFile(join(folder, 'config.json'), 'utf8'))
  await writeFile(join(folder, 'config.json'), JSON.stringify({ ...config, vocab_size: 121 }))
  await expect(loadPretrained(folder)).rejects.toMatchObject({
    code: 'roberta/vocabulary-size',
    message: expect.stringMatching(/have 120 rows, its config.json says 121/),
  })
  expect((await loadPretrained(folder, { resizeVocabulary: true })).params[table]?.shape).toEqual([121, 32])
})

it('reports everything once', async () => {
  const { report } = await loadPretrained(fixture('03-masked-lm'), { id2label: { 0: 'A', 1: 'B' } })
  expect(formatLoadReport(report).split('\n')).toEqual([
    `37 parameters loaded from ${fixture('03-masked-lm')} (model.safetensors)`,
    '4 fresh, to be trained: classifier.dense.weight, classifier.dense.bias, classifier.out_proj.weight, classifier.out_proj.bias',
    expect.stringMatching(/^5 of the checkpoint unused: .*lm_head\.bias/),
  ])
})

it('refuses a decoder of its own', async () => {
  await cp(fixture('03-masked-lm'), folder, { recursive: true })
  await rename(join(folder, 'model_with_tied_keys.safetensors'), join(folder, 'model.safetensors'))
  const config = JSON.parse(await readFile(join(folder, 'config.json'), 'utf8'))
  await writeFile(join(folder, 'config.json'), JSON.stringify({ ...config, tie_word_embeddings: false }))
  const parameters = (given: RobertaConfig) => [...robertaParameters(given), ...maskedLmParameters(given)]
  await expect(loadPretrained(folder, { parameters })).rejects.toMatchObject({ code: 'roberta/untied' })
  expect((await loadPretrained(folder)).missing.length).toBe(4)
})
