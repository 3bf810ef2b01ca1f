import { createRandom, defined } from '@kic/core'
import { type Engine, inferenceContext, selectEngine, type Tensors, valueAndGradients } from '@kic/engine'
import { type Head, initialize, parameter } from '@kic/nn'
import { gradientError } from '@kic/nn/testing'
import type { HostTensor, HostTensors } from '@kic/safetensors'
import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { createRobertaConfig } from './config.ts'
import { ngramEmbeddings } from './ngram-embeddings.ts'
import { ngramHead } from './ngram-head.ts'
import { sequenceClassifier } from './sequence-classifier.ts'

const config = createRobertaConfig({
  vocab_size: 30,
  hidden_size: 8,
  num_hidden_layers: 1,
  num_attention_heads: 2,
  intermediate_size: 16,
  max_position_embeddings: 14,
  type_vocab_size: 1,
  num_labels: 5,
  initializer_range: 0.5,
  layer_norm_eps: 1e-5,
  ngram_sizes: [1, 2, 3],
  ngram_buckets: 97,
})
const TABLE = 'roberta.embeddings.ngram_embeddings.weight'
const model = sequenceClassifier(config, ngramHead)
const fresh = initialize(model.parameters, 3)
const random = createRandom('ngram-embeddings')
/** Fresh parameters plus noise, so that no n-gram is zero. */
const params: HostTensors = Object.fromEntries(
  Object.entries(fresh).map(([name, tensor]) => [
    name,
    { ...tensor, data: Float32Array.from(tensor.data, (x) => x + 0.3 * random.normal()) },
  ]),
)

/** Rows of ids as a padded batch. */
const batchOf = (width: number, ...rows: readonly (readonly number[])[]): HostTensors => {
  const ints = (of: (row: readonly number[], at: number) => number): HostTensor => ({
    dtype: 'int32',
    shape: [rows.length, width],
    data: Int32Array.from(rows.flatMap((row) => Array.from({ length: width }, (_, at) => of(row, at)))),
  })
  return {
    input_ids: ints((row, at) => row[at] ?? 1),
    attention_mask: ints((row, at) => (at < row.length ? 1 : 0)),
  }
}
const rows = [
  [0, 5, 6, 7, 5, 6, 2],
  [0, 9, 29, 2],
]

/** The sum of the table's rows of a text's n-grams at a position, by the definition of the hash. */
const expectedAt = (ids: readonly number[], at: number): number[] => {
  const table = defined(params[TABLE]).data
  const K = BigInt(Math.floor((0.618 * 2 ** 31) / 97))
  const sum = new Array<number>(8).fill(0)
  for (const size of [1, 2, 3]) {
    const ngram = ids.slice(at, at + size)
    if (ngram.length < size || ngram.includes(1)) continue
    const row = Number(ngram.reduce((hash, id) => (hash * K + BigInt(id)) % 97n, 0n))
    sum.forEach((value, i) => {
      sum[i] = value + defined(table[row * 8 + i])
    })
  }
  return sum
}

const on = async <T>(name: Engine['name'], work: (engine: Engine) => Promise<T>): Promise<T> => {
  const engine = await selectEngine(name)
  try {
    return await work(engine)
  } finally {
    engine.dispose()
  }
}
const furthest = (a: HostTensor | undefined, b: HostTensor | undefined): number =>
  Math.max(...Array.from(a?.data ?? [Number.NaN], (x, i) => Math.abs(x - (b?.data[i] ?? Number.NaN))))

describe('ngramEmbeddings', () => {
  it('sums the rows of the n-grams that begin at each position', async () => {
    const found = await on('cpu', (engine) =>
      engine.compile((weights, feeds, ctx) => {
        const ids = parameter(feeds, 'input_ids')
        return { sums: ngramEmbeddings(weights, ids, config, ctx, 'roberta.') ?? tf.scalar(0) }
      })(engine.place(params), batchOf(9, ...rows)),
    )
    const expected = rows.flatMap((row) => Array.from({ length: 9 }, (_, at) => expectedAt(row, at)).flat())
    expect(found.sums?.shape).toEqual([2, 9, 8])
    expected.forEach((value, i) => {
      expect(found.sums?.data[i]).toBeCloseTo(value, 5)
    })
  })

  it('begins with zeros, so that n-grams without training count for nothing', () => {
    expect(fresh[TABLE]).toEqual({ dtype: 'float32', shape: [97, 8], data: new Float32Array(97 * 8) })
  })

  it('drops whole n-grams in training', () => {
    const seen: string[] = []
    const { input_ids } = batchOf(9, ...rows)
    tf.setBackend('cpu')
    tf.tidy(() => {
      const ids = tf.tensor(defined(input_ids).data, [2, 9], 'int32')
      const table = tf.ones([97, 8])
      const dropout = (x: tf.Tensor, rate: number) => {
        seen.push(`${x.shape}@${rate}`)
        return tf.zerosLike(x)
      }
      const sums = ngramEmbeddings(
        { [TABLE]: table },
        ids,
        { ...config, ngram_dropout: 0.4 },
        { training: true, dropout },
        'roberta.',
      )
      expect(sums?.abs().max().dataSync()[0]).toBe(0)
    })
    expect(seen).toEqual(['2,9,3@0.4'])
  })
})

describe('a classifier with n-grams', () => {
  it('has the gradients of finite differences', async () => {
    await tf.setBackend('cpu')
    const names = Object.keys(params)
    const feeds = Object.fromEntries(
      Object.entries(batchOf(8, ...rows)).map(([name, { data, shape }]) => [
        name,
        tf.tensor(data, [...shape], 'int32'),
      ]),
    )
    const inputs = names.map((name) =>
      tf.tensor(defined(params[name]).data, [...defined(params[name]).shape]),
    )
    const logits = (...values: tf.Tensor[]) =>
      model.logits(
        Object.fromEntries(values.map((value, i) => [defined(names[i]), value])),
        feeds,
        inferenceContext,
      )
    expect(gradientError(logits, inputs, { step: 0.03, entries: 20 })).toBeLessThan(2e-3)
  })

  it('has equal logits and gradients on every engine', async () => {
    const gradients = (weights: Tensors, feeds: Tensors) =>
      valueAndGradients(
        (values, batch, ctx) => model.logits(values, batch, ctx).square().mean().asScalar(),
        weights,
        feeds,
        inferenceContext,
        Object.keys(params),
      )
    const results = []
    for (const name of ['cpu', 'compiled', 'wasm'] as const)
      results.push(
        await on(name, (engine) => engine.compile(gradients)(engine.place(params), batchOf(9, ...rows))),
      )
    const [cpu, ...others] = results
    for (const other of others)
      for (const [name, value] of Object.entries(cpu ?? {}))
        expect(furthest(value, other[name]), name).toBeLessThan(1e-4)
  })

  it('does not depend on the padding of a batch', async () => {
    const [short, long] = await on('compiled', async (engine) => {
      const run = engine.compile((weights, feeds, ctx) => ({ logits: model.logits(weights, feeds, ctx) }))
      const placed = engine.place(params)
      return [await run(placed, batchOf(7, ...rows)), await run(placed, batchOf(12, ...rows))]
    })
    expect(furthest(short?.logits, long?.logits)).toBeLessThan(1e-5)
  })

  it('refuses a head that reads n-grams on an encoder without', () => {
    const { ngram_sizes: _, ...without } = config
    expect(() => sequenceClassifier(createRobertaConfig(without), ngramHead)).toThrowError(
      expect.objectContaining({ code: 'roberta/no-ngrams' }),
    )
    const head: Head = ngramHead
    const features = { sequence: tf.zeros([1, 2, 8]), attentionMask: tf.ones([1, 2], 'int32') }
    expect(() => head.apply({}, features, config, inferenceContext)).toThrowError(
      expect.objectContaining({ code: 'roberta/no-ngrams' }),
    )
  })
})
