import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fromBinary } from '@bufbuild/protobuf'
import { createRandom } from '@kic/core'
import { writeFileAtomic } from '@kic/core/node'
import type { HostTensor, HostTensors } from '@kic/safetensors'
import * as tf from '@tensorflow/tfjs'
import { ModelProtoSchema } from 'onnx-buf'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import type { TensorFunction } from '../contract.ts'
import { selectEngine } from '../select-engine.ts'
import { exportOnnx, exportOnnxFiles } from './export-onnx.ts'

const random = createRandom('export')
const floats = (...shape: number[]): HostTensor => ({
  dtype: 'float32',
  shape,
  data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal() * 0.5),
})

const params: HostTensors = {
  table: floats(50, 32),
  query: floats(32, 32),
  bias: floats(32),
  out: floats(6, 32),
}

/** Embedding, one attention of four heads over tokens that are not 0, mean over the sequence, projection. */
const model: TensorFunction = ({ table, query, bias, out }, { ids }) => {
  if (!table || !query || !bias || !out || !ids) throw new Error('incomplete')
  const [batch = 0, length = 0] = ids.shape
  const heads = (x: tf.Tensor) => x.reshape([batch, length, 4, 8]).transpose([0, 2, 1, 3])
  const embedded = tf.gather(table, ids.reshape([-1])) // [B·S, 32]
  const projected = heads(tf.matMul(embedded, query, false, true).add(bias))
  const mask = ids.equal(tf.scalar(0, 'int32')).cast('float32').mul(-1e4).reshape([batch, 1, 1, length])
  const scores = tf.matMul(projected, projected, false, true).div(Math.sqrt(8)).add(mask)
  const mixed = tf
    .matMul(tf.softmax(scores), heads(embedded))
    .transpose([0, 2, 1, 3])
    .reshape([batch, length, 32])
  const first = mixed.mean(1).add(tf.slice(mixed, [0, 0, 0], [batch, 1, 32]).reshape([batch, 32]))
  return { logits: tf.matMul(first, out, false, true) }
}

const idsOf = (batch: number, length: number): HostTensor => ({
  dtype: 'int32',
  shape: [batch, length],
  data: Int32Array.from({ length: batch * length }, () => random.int(50)),
})

const dynamic = { inputs: { ids: { dtype: 'int64', shape: ['batch', 'sequence'] } } } as const

const runExported = async (model: Uint8Array | string, ids: HostTensor): Promise<Float32Array> => {
  const options = { logSeverityLevel: 3 } as const
  const session = await (typeof model === 'string'
    ? InferenceSession.create(model, options)
    : InferenceSession.create(model, options))
  const feed = new Tensor('int64', BigInt64Array.from(ids.data, BigInt), ids.shape)
  const data = (await session.run({ ids: feed })).logits?.data
  await session.release()
  if (!(data instanceof Float32Array)) throw new Error('no logits')
  return data
}

const largestDifference = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Math.max(...Array.from(a, (x, i) => Math.abs(x - (b[i] ?? Number.NaN))))

describe('exportOnnx', () => {
  it('exports one file for all batch sizes and lengths, with the results of the engine', async () => {
    const bytes = exportOnnx(model, params, dynamic)
    const engine = await selectEngine('compiled')
    const compiled = engine.compile(model)
    const placed = engine.place(params)
    for (const [batch, length] of [
      [1, 1],
      [3, 7],
      [8, 29],
      [31, 2],
    ] as const) {
      const ids = idsOf(batch, length)
      const expected = (await compiled(placed, { ids })).logits?.data ?? []
      expect(largestDifference(await runExported(bytes, ids), expected)).toBeLessThan(1e-5)
    }
    engine.dispose()
  })

  it('names inputs, outputs and their symbolic axes', async () => {
    const session = await InferenceSession.create(exportOnnx(model, params, dynamic))
    expect(session.inputNames).toEqual(['ids'])
    expect(session.outputNames).toEqual(['logits'])
    expect(session.inputMetadata[0]).toMatchObject({ type: 'int64', shape: ['batch', 'sequence'] })
    expect(session.outputMetadata[0]).toMatchObject({ type: 'float32', shape: ['batch', 6] })
    await session.release()
  })

  it('stores float16 and int8 weights in about half and a quarter of the bytes, with close results', async () => {
    const large = { ...params, table: floats(4000, 32) }
    const sizes = (['float32', 'float16', 'int8'] as const).map((format) =>
      exportOnnx(model, large, dynamic, format),
    )
    const [full, half, int8] = sizes
    if (!full || !half || !int8) throw new Error('incomplete')
    expect(half.length / full.length).toBeLessThan(0.52)
    expect(int8.length / full.length).toBeLessThan(0.31)
    const ids = idsOf(4, 9)
    const expected = await runExported(full, ids)
    const scale = Math.max(...expected.map(Math.abs))
    expect(largestDifference(await runExported(half, ids), expected) / scale).toBeLessThan(2e-3)
    expect(largestDifference(await runExported(int8, ids), expected) / scale).toBeLessThan(2e-2)
  })

  it('sets operator set and ONNX version, and names weights like the parameters', () => {
    const model18 = fromBinary(ModelProtoSchema, exportOnnx(model, params, dynamic))
    expect(model18.opsetImport.find(({ domain }) => domain === '')?.version).toBe(18n)
    expect(model18.irVersion).toBe(8n)
    const names = model18.graph?.initializer.map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining(Object.keys(params)))
  })

  it.each(['float32', 'float16', 'int8'] as const)(
    'puts %s weights above a size into a file of their own',
    async (format) => {
      const folder = await mkdtemp(join(tmpdir(), 'kic-external-'))
      try {
        const files = exportOnnxFiles(model, params, { ...dynamic, name: 'm.onnx', embedUpTo: 100 }, format)
        expect(files.map(({ name }) => name)).toEqual(['m.onnx_data', 'm.onnx'])
        for (const { name, content } of files) await writeFileAtomic(join(folder, name), content)
        const whole = exportOnnx(model, params, dynamic, format)
        const [large, small] = await Promise.all(files.map(({ name }) => stat(join(folder, name))))
        expect(large?.size).toBeGreaterThan(0.8 * whole.length - (small?.size ?? 0))
        const ids = idsOf(3, 5)
        const [apart, inside] = [
          await runExported(join(folder, 'm.onnx'), ids),
          await runExported(whole, ids),
        ]
        expect(apart).toEqual(inside)
        // The model does not load without its weights.
        await rm(join(folder, 'm.onnx_data'))
        await expect(runExported(join(folder, 'm.onnx'), ids)).rejects.toThrow('m.onnx_data')
      } finally {
        await rm(folder, { recursive: true })
      }
      const [only, ...others] = exportOnnxFiles(model, params, dynamic, format)
      expect(only).toEqual({ name: 'model.onnx', content: [exportOnnx(model, params, dynamic, format)] })
      expect(others).toEqual([])
    },
  )

  it('refuses a function that loops over a symbolic axis or has sizes that are sums', () => {
    const looping: TensorFunction = (_params, { ids }) => {
      if (!ids) throw new Error('incomplete')
      return { sum: tf.addN(tf.unstack(ids.cast('float32'), 1)) }
    }
    expect(() => exportOnnx(looping, {}, dynamic)).toThrow(/different operations for different sizes/)
    const summing: TensorFunction = (_params, { ids }) => {
      if (!ids) throw new Error('incomplete')
      const padded = tf.pad2d(ids.cast('float32').as2D(ids.shape[0] ?? 0, ids.shape[1] ?? 0), [
        [0, 0],
        [1, 0],
      ])
      return { padded: padded.reshape([(ids.shape[0] ?? 0) * ((ids.shape[1] ?? 0) + 1)]) }
    }
    expect(() => exportOnnx(summing, {}, dynamic)).toThrow(
      /must be a product of batch, sequence and constants/,
    )
  })
})

it.each([
  ['an input', 'x'],
  ['a parameter', 'w'],
])('an output with the name of %s is refused', (what, name) => {
  const w = { dtype: 'float32', shape: [3], data: new Float32Array(3) } as const
  const inputs = { x: { dtype: 'float32', shape: [3] } } as const
  expect(() => exportOnnx((p, f) => ({ [name]: tf.add(p.w ?? 0, f.x ?? 0) }), { w }, { inputs })).toThrow(
    `received "${name}", which is ${what}, too`,
  )
})
