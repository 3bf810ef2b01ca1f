import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRandom } from '@kic/core'
import { selectEngine } from '@kic/engine'
import { initialize } from '@kic/nn'
import type { HostTensor, HostTensors } from '@kic/safetensors'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createRobertaConfig } from './config.ts'
import { roundNgramTables } from './ngram-embeddings.ts'
import { ngramHead } from './ngram-head.ts'
import { saveOnnx } from './save-onnx.ts'
import { sequenceClassifier } from './sequence-classifier.ts'

const random = createRandom('save-onnx')
const classifier = (type_vocab_size: number, positions = 64) =>
  sequenceClassifier(
    createRobertaConfig({
      vocab_size: 300,
      hidden_size: 32,
      num_hidden_layers: 2,
      num_attention_heads: 4,
      intermediate_size: 64,
      max_position_embeddings: positions + 2,
      type_vocab_size,
      num_labels: 7,
      initializer_range: 0.3,
    }),
  )

/** Texts of random lengths, padded to `length`. */
const batchOf = (batch: number, length: number, types: number): HostTensors => {
  const lengths = Array.from({ length: batch }, (_, i) => (i === 0 ? length : 1 + random.int(length)))
  const ints = (element: (text: number, position: number) => number): HostTensor => ({
    dtype: 'int32',
    shape: [batch, length],
    data: Int32Array.from({ length: batch * length }, (_, i) => element(Math.floor(i / length), i % length)),
  })
  const inside = (text: number, position: number): boolean => position < (lengths[text] ?? 0)
  return {
    input_ids: ints((text, position) => (inside(text, position) ? 5 + random.int(295) : 1)),
    attention_mask: ints((text, position) => (inside(text, position) ? 1 : 0)),
    ...(types > 1 ? { token_type_ids: ints(() => random.int(types)) } : {}),
  }
}

const runFile = async (path: string, feeds: HostTensors): Promise<Float32Array> => {
  const session = await InferenceSession.create(path, { logSeverityLevel: 3 })
  const tensors = Object.entries(feeds).map(
    ([name, { data, shape }]) =>
      [name, new Tensor('int64', BigInt64Array.from(data, BigInt), shape)] as const,
  )
  const { logits } = await session.run(Object.fromEntries(tensors))
  await session.release()
  if (!(logits?.data instanceof Float32Array)) throw new Error('no logits')
  return logits.data
}

const furthest = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Math.max(...Array.from(a, (x, i) => Math.abs(x - (b[i] ?? Number.NaN))))

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-onnx-'))
})
afterEach(() => rm(folder, { recursive: true }))

describe('saveOnnx', () => {
  it.each([1, 2])(
    'writes files for all batches and lengths, of a model with %d token types',
    async (types) => {
      const model = classifier(types)
      const params = initialize(model.parameters, 11)
      const paths = await saveOnnx(folder, { model, params }, { formats: ['float32', 'float16', 'int8'] })
      expect(paths).toEqual(
        ['model.onnx', 'model_fp16.onnx', 'model_quantized.onnx'].map((file) => join(folder, 'onnx', file)),
      )
      const engine = await selectEngine('compiled')
      const placed = engine.place(params)
      const run = engine.compile((p, feeds, ctx) => ({ logits: model.logits(p, feeds, ctx) }))
      const [full = '', half = '', int8 = ''] = paths
      for (const [batch, length] of [
        [1, 1],
        [2, 64],
        [13, 7],
      ] as const) {
        const feeds = batchOf(batch, length, types)
        const wanted = (await run(placed, feeds)).logits?.data ?? []
        const scale = Math.max(...Array.from(wanted, Math.abs))
        expect(furthest(await runFile(full, feeds), wanted)).toBeLessThan(1e-5)
        expect(furthest(await runFile(half, feeds), wanted) / scale).toBeLessThan(5e-3)
        expect(furthest(await runFile(int8, feeds), wanted) / scale).toBeLessThan(0.06)
      }
      engine.dispose()
    },
  )

  it('names inputs and output like transformers.js, and writes only float32 by default', async () => {
    for (const types of [1, 2]) {
      const model = classifier(types)
      const [path = ''] = await saveOnnx(folder, { model, params: initialize(model.parameters, 1) })
      const session = await InferenceSession.create(path)
      expect(session.inputNames).toEqual([
        'input_ids',
        'attention_mask',
        ...(types > 1 ? ['token_type_ids'] : []),
      ])
      for (const input of session.inputMetadata)
        expect(input).toMatchObject({ type: 'int64', shape: ['batch', 'sequence'] })
      expect(session.outputMetadata).toMatchObject([{ name: 'logits', type: 'float32', shape: ['batch', 7] }])
      await session.release()
      await expect(stat(join(folder, 'onnx', 'model_quantized.onnx'))).rejects.toThrow('ENOENT')
    }
  })

  it('writes models with few positions', async () => {
    const model = classifier(1, 12)
    const [path = ''] = await saveOnnx(folder, { model, params: initialize(model.parameters, 1) })
    expect(await runFile(path, batchOf(3, 12, 1))).toHaveLength(21)
  })

  it('stores rounded n-gram tables as int8, with the answers of float32', async () => {
    const config = { ...classifier(1).config, ngram_sizes: [1, 2, 3], ngram_buckets: 1021 }
    const model = sequenceClassifier(config, ngramHead)
    const trained = Object.fromEntries(
      Object.entries(initialize(model.parameters, 11)).map(([name, tensor]) => [
        name,
        { ...tensor, data: Float32Array.from(tensor.data, (x) => x + 0.3 * random.normal()) },
      ]),
    )
    const params = roundNgramTables(trained)
    const [path = ''] = await saveOnnx(folder, { model, params })
    const [larger = ''] = await saveOnnx(join(folder, 'trained'), { model, params: trained })
    expect((await stat(larger)).size - (await stat(path)).size).toBeGreaterThan(1021 * 32 * 2.8)
    const engine = await selectEngine('compiled')
    const placed = engine.place(params)
    const run = engine.compile((p, feeds, ctx) => ({ logits: model.logits(p, feeds, ctx) }))
    const feeds = batchOf(5, 20, 1)
    const { logits } = await run(placed, feeds)
    expect(furthest(await runFile(path, feeds), logits?.data ?? [])).toBeLessThan(1e-5)
    engine.dispose()
  })
})
