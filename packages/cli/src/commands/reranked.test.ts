import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
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
  await packReranker(at('packed'), { ...models, candidates: 5, weight: 3 })
  const settings = ['--candidates', '5', '--weight', '3', '--precision', 'float32']
  const said = await kic(
    'ensemble',
    'rerank',
    at('retriever'),
    at('pairs'),
    '-o',
    at('reranked'),
    ...settings,
  )
  expect(said).toContain(`kic predict --model ${at('reranked')} runs it`)
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

it('has the files of packReranker, and a card', async () => {
  const filesOf = async (folder: string) =>
    (await readdir(folder, { recursive: true, withFileTypes: true }))
      .filter((file) => file.isFile())
      .map((file) => join(file.parentPath, file.name).slice(folder.length + 1))
      .sort()
  expect(await filesOf(at('reranked'))).toEqual(await filesOf(at('packed')))
  for (const file of await filesOf(at('packed')))
    if (file !== 'README.md')
      expect(
        (await readFile(join(at('reranked'), file))).equals(await readFile(join(at('packed'), file))),
        file,
      ).toBe(true)
  expect(await readFile(join(at('reranked'), 'README.md'), 'utf8')).toContain('language: "ko"')
})

it('refuses what is no pair model, a weight of nothing, and no output', async () => {
  const refused = async (...args: string[]) => {
    const io = fakeIo()
    return [await run(['ensemble', 'rerank', ...args], io), io.told()]
  }
  const none = await refused(at('retriever'), at('retriever'), '-o', at('none'))
  expect(none).toEqual([
    1,
    expect.stringMatching(/pairs must be the folder of a pair model.*predictor\/rerank/),
  ])
  const zero = await refused(at('retriever'), at('pairs'), '-o', at('none'), '--weight', '0')
  expect(zero[0]).toBe(2)
  expect((await refused(at('retriever'), at('pairs')))[0]).toBe(2)
})

it('a re-ranked model is ready to run, and nothing is exported', async () => {
  const io = fakeIo()
  expect([await run(['export', at('reranked')], io), io.printed()]).toEqual([0, ''])
  expect(io.told()).toContain('is a re-ranked model, which is ready to run')
})
