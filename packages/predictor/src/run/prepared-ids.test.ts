import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { flatClassification } from '@kic/classification'
import { defined } from '@kic/core'
import { plainTextLayout } from '@kic/data'
import { loadPreparation, loadRows, savePreparation } from '@kic/data/node'
import { defaultPreparation, prepareRows, type TextPreparation } from '@kic/data/prepare'
import { encodeUnpadded } from '@kic/tokenizer'
import { loadTokenizer } from '@kic/tokenizer/node'
import { GROUPS, saveTinyModel } from '@kic/tool-tiny-models'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readNetworkFolder } from '../model/network-folder.ts'
import { filesIn, loadPredictor, saveNotes } from '../node.ts'
import type { OnnxRuntime, OrtTensor } from './onnx-runtime.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-ids-'))
  await saveTinyModel(folder)
  // Any script is allowed, so few texts are unusable.
  await saveNotes(folder, { classification: flatClassification(GROUPS), script: undefined })
})
afterAll(() => rm(folder, { recursive: true }))

/** A runtime that answers everything and records the last ids. */
const recordingRuntime = () => {
  let ids: readonly number[] | undefined
  const run = async ({ input_ids }: Readonly<Record<string, OrtTensor>>) => {
    const [rows = 0] = input_ids?.dims ?? []
    ids = input_ids?.data instanceof BigInt64Array ? Array.from(input_ids.data, Number) : undefined
    return { logits: { data: new Float32Array(rows * GROUPS.length), dims: [rows, GROUPS.length] } }
  }
  const runtime: OnnxRuntime = {
    Tensor: class {
      constructor(
        readonly type: 'int64',
        readonly data: BigInt64Array,
        readonly dims: readonly number[],
      ) {}
    },
    InferenceSession: {
      create: async () => ({
        inputNames: ['input_ids', 'attention_mask'],
        outputNames: ['logits'],
        run,
        release: async () => undefined,
      }),
    },
  }
  const taken = (): readonly number[] | undefined => {
    const last = ids
    ids = undefined
    return last
  }
  return { runtime, taken }
}

/** Words of the vocabulary in the forms of keyboards, phones and office programs, and any other characters. */
const piece = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('카센터에서', '자동차', '부분정비', '쌀', '김치찌개', 'LED', 'TV', '수리'),
      fc.constantFrom('NFC', 'NFD', 'NFKD'),
      fc.constantFrom('', '\u200b', '\u200d', '\ufeff', '\u00ad', '\ufe0f'),
      fc.nat(3),
    )
    .map(([word, form, mark, at]) => {
      const letters = Array.from(word.normalize(form))
      return [...letters.slice(0, at), mark, ...letters.slice(at)].join('')
    }),
  fc.constantFrom(' ', '\u00a0', '\u3000', '\u2003', '\u0085', '\t', '\n', '\r\n', '  '),
  fc.constantFrom(
    '\u200b',
    '\ufeff',
    '\u1100\u200d\u1161',
    'ＬＥＤ',
    '㎏',
    'ｶﾞ',
    '\u0301',
    '🏭',
    '👩\u200d🍳',
  ),
  fc.string({ unit: 'grapheme', maxLength: 3 }),
)
const texts = fc.array(
  fc.array(piece, { minLength: 1, maxLength: 8 }).map((pieces) => pieces.join('')),
  {
    minLength: 1,
    maxLength: 20,
  },
)

const preparations: readonly TextPreparation[] = [
  defaultPreparation,
  { ...defaultPreparation, normalization: 'nfkc' },
  { ...defaultPreparation, normalization: 'nfc-width', invisible: 'keep' },
  { ...defaultPreparation, normalization: 'none', invisible: 'keep' },
]

it.each(preparations)('gives a text the same ids in training and in prediction: %j', async (given) => {
  await savePreparation(folder, given)
  const { runtime, taken } = recordingRuntime()
  const predictor = await loadPredictor(folder, { runtime })
  expect(predictor.info.preparation).toEqual(given)
  // Like training: the file's rows, the folder's preparation, its tokenizer.
  const { maxTokens } = await readNetworkFolder(filesIn(folder), {})
  const tokenizer = await loadTokenizer(folder)
  const preparation = await loadPreparation(folder)
  const learned = async (all: readonly string[]): Promise<ReadonlyMap<number, readonly number[]>> => {
    const lines = all.map((text) => text.replace(/\r\n|[\t\n\r]/g, ' '))
    const bytes = new TextEncoder().encode(`첫 줄\n${lines.join('\n')}\n`)
    const read = await loadRows(bytes, { layout: plainTextLayout, encoding: 'utf-8', rejects: 'collect' })
    const { rows } = prepareRows(read.rows, preparation)
    const { inputIds } = encodeUnpadded(
      tokenizer,
      rows.map(({ text }) => text),
      { maxLength: maxTokens, typeVocabSize: 1 },
    )
    return new Map(rows.map(({ line }, i) => [line - 2, Array.from(defined(inputIds[i]))]))
  }
  let compared = 0
  await fc.assert(
    fc.asyncProperty(texts, async (all) => {
      const ids = await learned(all)
      for (const [i, text] of all.entries()) {
        const { reasons } = await predictor.scores([text])
        const predicted = taken()
        expect(predicted === undefined).toBe(reasons[0] !== undefined)
        if (reasons[0] === 'empty') expect(ids.get(i)).toBeUndefined()
        if (predicted === undefined) continue
        expect(predicted, JSON.stringify(text)).toEqual(ids.get(i))
        compared++
      }
    }),
    { numRuns: 200 },
  )
  expect(compared).toBeGreaterThan(50)
  await predictor.dispose()
})
