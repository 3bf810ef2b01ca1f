import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { flatClassification } from '@kic/classification'
import { ksic10, ksicScript } from '@kic/classification/ksic'
import { trainNgramModel } from '@kic/ngram'
import { packReranker, saveNgramFolder } from '@kic/predictor/node'
import { GROUPS, saveTinyModel } from '@kic/tool-tiny-models'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { fakeIo } from '../__fixtures__/fake-io.ts'
import { run } from '../run.ts'

const TEXTS = ['쌀', '국수 판매', '타이어 교환', '자동차 부품 도매', '컴퓨터 수리']
let folder: string
const at = (name: string): string => join(folder, name)
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-cli-rerank-'))
  const rows = TEXTS.map((text, i) => ({ text, label: GROUPS[i] ?? '' }))
  await saveNgramFolder(at('retriever'), {
    model: trainNgramModel(rows, { model: 'linear-svc' }),
    notes: { classification: ksic10, script: ksicScript },
  })
  const classification = flatClassification(['mismatch', 'match'])
  const pairNotes = { format: 'kic-model', version: 1, classification, script: null }
  await saveTinyModel(at('pairs'), pairNotes, { 0: 'mismatch', 1: 'match' })
  const models = { retriever: at('retriever'), pairs: at('pairs'), precision: 'float32' } as const
  await packReranker(at('reranked'), { ...models, candidates: 5, weight: 3 })
})
afterAll(() => rm(folder, { recursive: true }))

const kic = async (...args: string[]) => {
  const io = fakeIo()
  expect([args, await run(args, io), io.told()]).toEqual([args, 0, expect.anything()])
  return io.printed()
}

it('a re-ranked model codes files in threads as it codes texts, and is described', async () => {
  await writeFile(at('texts.txt'), `${TEXTS.join('\n')}\n`)
  const reranked = ['--model', at('reranked')]
  await kic('predict', ...reranked, '-i', at('texts.txt'), '--format', 'lines', '-o', at('coded.csv'))
  const rows: Record<string, string>[] = parse(await readFile(at('coded.csv')), { columns: true, bom: true })
  const answers = (await kic('predict', ...reranked, ...TEXTS, '--json')).trim().split('\n')
  expect(rows.map(({ group }) => group)).toEqual(answers.map((line) => JSON.parse(line).codes.group.code))
  // They are not those of the model that finds the candidates.
  const plain = (await kic('predict', '--model', at('retriever'), ...TEXTS, '--json')).trim().split('\n')
  const confidences = (lines: readonly string[]) => lines.map((line) => JSON.parse(line).confidence)
  expect(confidences(answers)).not.toEqual(confidences(plain))
  expect(await kic('inspect', at('reranked'))).toMatch(
    /model +re-ranked by the names of classes: retriever ngram, candidates 5, weight 3\n/,
  )
  expect(JSON.parse(await kic('inspect', at('reranked'), '--json'))).toMatchObject({
    kind: 'reranked',
    classes: 5,
  })
})

it('a re-ranked model is ready to run, and nothing is exported', async () => {
  const io = fakeIo()
  expect([await run(['export', at('reranked')], io), io.printed()]).toEqual([0, ''])
  expect(io.told()).toContain('is a re-ranked model, which is ready to run')
})
