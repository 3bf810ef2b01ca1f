import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { ksic10 } from '@kic/classification/ksic'
import { csvLine } from '@kic/data'
import { type ReadOptions, readRowBlocks } from '@kic/data/node'
import { generateRows } from '@kic/korean-answers'
import fc from 'fast-check'
import { judge } from '../judge.ts'
import { mutation } from '../mutations.ts'
import type { Target } from '../target.ts'

const OPTIONS: Readonly<Partial<ReadOptions>> = {
  classification: ksic10,
  rejects: 'collect',
  rejectLimit: Number.POSITIVE_INFINITY,
  duplicateIds: 'accept',
}

/** A file of rows from its bytes: every line of it a row or a reject with its reason. */
const table = (name: string, within: number, files: () => Promise<readonly Uint8Array[]>): Target => ({
  name,
  inputs: async () =>
    fc.tuple(fc.constantFrom(...(await files())), mutation(within)).map(([file, mutate]) => mutate(file)),
  check: (bytes) =>
    judge(bytes.length, async () => {
      for await (const { rows, rejects } of readRowBlocks(bytes, OPTIONS)) {
        for (const { id, text, line } of rows) {
          if (text === '' || !Number.isSafeInteger(line)) throw new Error(`row ${id} has the text '${text}'`)
        }
        for (const { reason, message } of rejects) {
          if (message === '') throw new Error(`a reject of ${reason} says nothing`)
        }
      }
      // Rows pass by: what is held is for `judge` to measure.
      return { bytes: 0 }
    }),
})

const encode = (text: string): Uint8Array => new TextEncoder().encode(text)

const own = [...generateRows({ rows: 12, seed: 3, minPerGroup: 0 })]
const plain = own.map(({ object, method, deal, group }) => [`${object} ${method} ${deal}`.trim(), group])

const TSV = encode(plain.map((cells) => cells.join('\t')).join('\n'))
const COMPETITION = encode(
  [
    'AI_id|digit_1|digit_2|digit_3|text_obj|text_mthd|text_deal',
    'id_1|S|95|952|카센터에서|자동차부분정비|타이어오일교환',
    'id_2|C|11|112|식품공장|원료를 발효|청주',
    'id_3||||가|나|다',
  ].join('\r\n'),
)
const CSV = encode(
  `\ufeff${csvLine(['id', 'text', 'group', '비고'])}\n${plain.map(([text = '', code = ''], i) => csvLine([`r${i}`, `${text}\n"끝"`, code, 'x,y'])).join('\n')}`,
)

export const csv = table('csv', 200, async () => [CSV, COMPETITION])
export const tsv = table('tsv', 200, async () => [TSV])

export const gzip = table('gzip', 40, async () => [
  gzipSync(CSV),
  gzipSync(Buffer.alloc(50_000, TSV)),
  Buffer.concat([gzipSync(TSV), gzipSync(TSV)]),
])

export const parquet = table('parquet', 4_000, () =>
  Promise.all(
    ['competition.parquet', 'named.parquet', 'nested.parquet'].map(async (name) => {
      const path = fileURLToPath(
        new URL(`../../../../../packages/data/src/__fixtures__/${name}`, import.meta.url),
      )
      return new Uint8Array(await readFile(path))
    }),
  ),
)
