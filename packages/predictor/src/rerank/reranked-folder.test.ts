import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { flatClassification } from '@kic/classification'
import { ksic10, ksicScript } from '@kic/classification/ksic'
import { trainNgramModel } from '@kic/ngram'
import { GROUPS, KSIC_NOTES, saveTinyModel } from '@kic/tool-tiny-models'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { serveFolder } from '../__fixtures__/serve-folder.ts'
import type { Prediction } from '../answers/prediction.ts'
import { calibrate } from '../calibrate/calibrate.ts'
import { loadPredictor as loadByUrl } from '../load-predictor.ts'
import {
  loadPredictor,
  packEnsemble,
  packReranker,
  readTask,
  saveCalibration,
  saveNgramFolder,
  textLimits,
} from '../node.ts'

const words = ['쌀', '국수 판매', '타이어 교환', '자동차 부품', '컴퓨터 수리']
const rows = Array.from({ length: 30 }, (_, i) => ({
  text: `${words[i % 5]} ${words[(i * 7) % 5]}`,
  label: GROUPS[i % 5] ?? '',
}))
const texts = [
  '쌀 수리',
  '타이어 오일 교환',
  '음식점에서 국수 판매',
  '컴퓨터 부품 도매',
  '자동차 부품 쌀',
  'car',
  '???',
]

let folder: string
const at = (name: string): string => join(folder, name)
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-rerank-'))
  await saveNgramFolder(at('retriever'), {
    // Its answers are unsure enough for pairs to change them.
    model: trainNgramModel(rows, { model: 'naive-bayes', smoothing: 10_000 }),
    notes: { classification: ksic10, script: ksicScript },
  })
  const classification = flatClassification(['mismatch', 'match'])
  const notes = { format: 'kic-model', version: 1, classification, script: null }
  await saveTinyModel(at('pairs'), notes, { 0: 'mismatch', 1: 'match' })
  await saveTinyModel(at('network'), KSIC_NOTES)
  await packReranker(at('both'), {
    retriever: at('retriever'),
    pairs: at('pairs'),
    candidates: 2,
    weight: 3,
    precision: 'float32',
  })
})
afterAll(() => rm(folder, { recursive: true }))

const answersOf = async (name: string): Promise<readonly Prediction[]> => {
  const predictor = await loadPredictor(at(name))
  return predictor.predict(texts, { topK: 5 }).finally(() => predictor.dispose())
}
const codes = (answer: Prediction | undefined) =>
  answer === undefined || answer.status === 'unusable' ? [answer?.status] : answer.top.map(({ code }) => code)

it('shares the probability of the best classes anew, and leaves all others', async () => {
  const [before, after] = [await answersOf('retriever'), await answersOf('both')]
  let moved = 0
  for (const [i, was] of before.entries()) {
    const is = after[i]
    if (was.status === 'unusable' || is === undefined || is.status === 'unusable') {
      expect(is).toEqual(was)
      continue
    }
    const best = was.top.slice(0, 2).map(({ code }) => code)
    expect(best).toContain(is.top[0]?.code)
    const of = (answer: typeof was, code: string) =>
      answer.top.find((one) => one.code === code)?.confidence ?? Number.NaN
    const sum = (answer: typeof was) => best.reduce((all, code) => all + of(answer, code), 0)
    expect(sum(is)).toBeCloseTo(sum(was), 5)
    for (const { code, confidence } of was.top.slice(2)) expect(of(is, code)).toBeCloseTo(confidence, 5)
    if (is.top[0]?.code !== best[0]) moved++
  }
  expect(moved).toBeGreaterThan(0)
})

it('keeps the order with weight 0, and takes all classes as candidates of a large number', async () => {
  const models = { retriever: at('retriever'), pairs: at('pairs') }
  await packReranker(at('unchanged'), { ...models, weight: 0, candidates: 100 })
  expect((await answersOf('unchanged')).map(codes)).toEqual((await answersOf('retriever')).map(codes))
})

it('runs as in browsers, from a server, on onnxruntime-web', async () => {
  const server = await serveFolder(folder)
  const runtime = await import('onnxruntime-web')
  const remote = await loadByUrl(`${server.url}/both`, { runtime, precision: 'float32' })
  const [here, there] = [await answersOf('both'), await remote.predict(texts, { topK: 5 })]
  expect(there.map(codes)).toEqual(here.map(codes))
  expect(remote.info.models).toMatchObject([{ kind: 'reranked', precision: 'float32' }])
  expect(remote.info.warnings).toEqual([])
  expect(new Set(server.fetched).size).toBe(server.fetched.length)
  await remote.dispose()
  await server.close()
})

it('is a voter of an ensemble, can be calibrated and explained, and says what it needs', async () => {
  await packEnsemble(at('ensemble'), {
    members: ['both', 'network'].map((name) => ({ name, folder: at(name) })),
    precision: 'float32',
  })
  expect(await readTask(at('ensemble'))).toMatchObject({ kind: 'ensemble', needsRuntime: true })
  const alone = { members: [{ name: 'both', folder: at('both') }], precision: 'float32' } as const
  await packEnsemble(at('alone'), alone)
  expect((await answersOf('alone')).map(codes)).toEqual((await answersOf('both')).map(codes))
  expect(await readTask(at('both'))).toMatchObject({
    kind: 'model',
    levels: ['section', 'division', 'group'],
    needsRuntime: true,
  })

  const predictor = await loadPredictor(at('both'))
  const { readModelFolder, filesIn } = await import('../node.ts')
  const limits = await textLimits([await readModelFolder(filesIn(at('both')))], texts)
  const answers = await predictor.predict(texts)
  expect(limits.map(({ reason }) => reason !== undefined)).toEqual(
    answers.map(({ status }) => status === 'unusable'),
  )
  const labelled = rows.map(({ text, label }) => ({ text, labels: { group: label } }))
  const calibration = await calibrate(predictor, labelled, 'thirty rows')
  const found = await predictor.explain('쌀 국수')
  expect(found).toMatchObject({ status: 'explained', method: 'occlusion' })
  await predictor.dispose()
  await cp(at('both'), at('calibrated'), { recursive: true })
  await saveCalibration(at('calibrated'), calibration)
  const calibrated = await loadPredictor(at('calibrated'))
  expect(calibrated.info.calibration?.on).toBe('thirty rows')
  await calibrated.dispose()
})

it('refuses the folder of a part, of another model, or with other files', async () => {
  const models = { retriever: at('retriever'), pairs: at('pairs') }
  await mkdir(at('foreign'))
  await writeFile(join(at('foreign'), 'README.md'), 'mine')
  for (const name of ['retriever', 'pairs', 'network', 'foreign'])
    await expect(packReranker(at(name), models)).rejects.toMatchObject({
      code: 'predictor/folder',
      message: expect.stringMatching(/^packReranker: /),
    })
  expect(await readdir(at('foreign'))).toEqual(['README.md'])
  await packReranker(at('unchanged'), models)
})

it('refuses models and settings that do not fit', async () => {
  const models = { retriever: at('retriever'), pairs: at('pairs') }
  const refused = { code: 'predictor/rerank' }
  const pack = (options: Partial<Parameters<typeof packReranker>[1]>) =>
    packReranker(at('refused'), { ...models, ...options })
  await expect(pack({ pairs: at('network') })).rejects.toMatchObject(refused)
  await expect(pack({ retriever: at('both') })).rejects.toMatchObject(refused)
  await expect(pack({ pairs: at('retriever') })).rejects.toMatchObject(refused)
  await expect(pack({ candidates: 0 })).rejects.toMatchObject(refused)
  await expect(pack({ weight: -1 })).rejects.toMatchObject(refused)
  await expect(pack({ names: ['쌀'] })).rejects.toMatchObject(refused)
  await expect(pack({ names: ['쌀', '', '국수', '수리', '정비'] })).rejects.toMatchObject(refused)
  await cp(at('both'), at('wrong'), { recursive: true })
  await cp(at('network'), at('wrong/pairs'), { recursive: true })
  await expect(loadPredictor(at('wrong'))).rejects.toMatchObject(refused)
  await writeFile(join(at('wrong'), 'rerank.json'), '{"format": "kic-rerank"}')
  await expect(loadPredictor(at('wrong'))).rejects.toMatchObject(refused)
  await writeFile(join(at('wrong'), 'rerank.json'), '{')
  await expect(loadPredictor(at('wrong'))).rejects.toMatchObject({ code: 'predictor/bad-json' })
})
