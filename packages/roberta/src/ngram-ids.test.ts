import { exportOnnx, selectEngine, type Tensors } from '@kic/engine'
import { parameter } from '@kic/nn'
import { runOnnx } from '@kic/nn/testing'
import type { HostTensor } from '@kic/safetensors'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { type NgramSettings, ngramIds } from './ngram-ids.ts'

const engines = [await selectEngine('compiled'), await selectEngine('wasm'), await selectEngine('cpu')]
afterAll(() => {
  for (const engine of engines) engine.dispose()
})

const PAD = 1

/** The same in exact integers, without a rolling hash: the polynomial of each n-gram. */
const expected = (rows: readonly (readonly number[])[], { sizes, buckets }: NgramSettings) => {
  const K = BigInt(Math.floor((0.618 * 2 ** 31) / buckets))
  return rows.flatMap((ids) =>
    ids.flatMap((_, at) =>
      sizes.map((size) => {
        const ngram = ids.slice(at, at + size)
        if (ngram.length < size || ngram.includes(PAD)) return -1
        return Number(
          ngram.reduce((sum, id, i) => sum + BigInt(id) * K ** BigInt(size - 1 - i), 0n) % BigInt(buckets),
        )
      }),
    ),
  )
}

const idsOf = (feeds: Tensors) => parameter(feeds, 'input_ids')
const fn = (settings: NgramSettings) => (_: Tensors, feeds: Tensors) => ({
  ...ngramIds(idsOf(feeds), settings),
})
const feed = (rows: readonly (readonly number[])[]): HostTensor => ({
  dtype: 'int32',
  shape: [rows.length, rows[0]?.length ?? 0],
  data: Int32Array.from(rows.flat()),
})
/** Table rows, and -1 where there is no n-gram. */
const found = ({ rows, present }: Readonly<Record<string, HostTensor>>) =>
  Array.from(rows?.data ?? [], (row, i) => (present?.data[i] === 1 ? row : -1))

const batch = fc
  .record({ B: fc.integer({ min: 1, max: 3 }), S: fc.integer({ min: 1, max: 9 }) })
  .chain(({ B, S }) =>
    fc.array(fc.array(fc.oneof(fc.nat(6), fc.nat(30_000)), { minLength: S, maxLength: S }), {
      minLength: B,
      maxLength: B,
    }),
  )

describe('ngramIds', () => {
  it('hashes every n-gram exactly on every engine, up to the largest table and vocabulary', async () => {
    for (const [sizes, buckets] of [
      [[1, 2, 3, 4, 5], 131_071],
      [[2, 4], 2 ** 24],
      [[1, 7], 11],
    ] as const) {
      const settings = { sizes, buckets, padTokenId: PAD }
      for (const engine of engines) {
        const compiled = engine.compile(fn(settings))
        await fc.assert(
          fc.asyncProperty(batch, async (rows) => {
            expect(found(await compiled(engine.place({}), { input_ids: feed(rows) }))).toEqual(
              expected(rows, settings),
            )
          }),
          { numRuns: 10 },
        )
        compiled.dispose()
      }
    }
    const settings = { sizes: [3], buckets: 131_071, padTokenId: PAD }
    const largest = [[2 ** 24 - 1, 2 ** 24 - 2, 2 ** 24 - 3]]
    const [engine] = engines
    const result = await engine?.compile(fn(settings))(engine.place({}), { input_ids: feed(largest) })
    expect(found(result ?? {})).toEqual(expected(largest, settings))
  })

  it('exports for rows of any length, also shorter than an n-gram', async () => {
    const settings = { sizes: [1, 2, 3, 4, 5], buckets: 131_071, padTokenId: PAD }
    const file = exportOnnx(
      (_, feeds) => {
        const { rows, present } = ngramIds(idsOf(feeds), settings)
        return { found: rows.add(1).cast('float32').mul(present) }
      },
      {},
      { inputs: { input_ids: { dtype: 'int64', shape: ['batch', 'sequence'] } } },
    )
    const batches = [
      [[7]],
      [
        [0, 8, 2],
        [0, 9, 2],
      ],
      [[0, 5, 6, 7, 8, 9, 10, 5, 2]],
    ]
    const results = await runOnnx(
      file,
      batches.map((rows) => ({ input_ids: feed(rows) })),
    )
    batches.forEach((rows, i) => {
      expect(Array.from(results[i]?.found?.data ?? [], (value) => value - 1)).toEqual(
        expected(rows, settings),
      )
    })
  })
})
