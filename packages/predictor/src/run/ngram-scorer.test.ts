import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ksic10, ksicScript } from '@kic/classification/ksic'
import { type NgramModel, trainNgramModel } from '@kic/ngram'
import { softmaxRows } from '@kic/scores'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { businessRows as rows } from '../__fixtures__/business-rows.ts'
import type { Predictor } from '../answers/predictor.ts'
import { loadPredictor as loadAnywhere } from '../load-predictor.ts'
import { filesIn, loadPredictor, readModelFolder, readTask, saveNgramFolder } from '../node.ts'
import { ngramScorer } from './ngram-scorer.ts'

const texts = ['국수 음식점', '카센터 자동차', 'LED 쌀', '벼농사 '.repeat(300)]

let folder: string
const models: NgramModel[] = []
const predictors: Predictor[] = []
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-ngram-folder-'))
  for (const model of ['linear-svc', 'naive-bayes'] as const) {
    const trained = trainNgramModel(rows, { model })
    const at = join(folder, model)
    await saveNgramFolder(at, { model: trained, notes: { classification: ksic10, script: ksicScript } })
    models.push(trained)
    predictors.push(await loadPredictor(at))
  }
})
afterAll(async () => {
  await Promise.all(predictors.map((predictor) => predictor.dispose()))
  await rm(folder, { recursive: true })
})

it('answers by the model’s own scores, at every level', async () => {
  for (const [i, predictor] of predictors.entries()) {
    const { scores, predict, settings } = models[i] ?? {}
    const expected = scores?.(texts) ?? new Float32Array()
    expect((await predictor.scores(texts)).logits).toEqual(expected)
    const probabilities = softmaxRows(expected, 5)
    for (const [row, answer] of (await predictor.predict(texts, { topK: 5 })).entries()) {
      if (answer.status === 'unusable') throw new Error('unusable')
      expect(answer.codes.group?.code).toBe(predict?.([texts[row] ?? ''])[0])
      expect(answer.codes.division?.code).toBe(answer.codes.group?.code.slice(0, 2))
      expect(answer.truncated).toBe(false)
      for (const { code, confidence } of answer.top)
        expect(confidence).toBeCloseTo(
          probabilities[5 * row + (settings?.labels.indexOf(code) ?? -1)] ?? -1,
          6,
        )
    }
    expect(predictor.info).toMatchObject({
      kind: 'model',
      models: [{ kind: 'ngram' }],
      levels: ['section', 'division', 'group'],
      classes: settings?.labels,
      warnings: [],
    })
    expect(predictor.info.models[0]?.precision).toBeUndefined()
  }
})

it('answers the same bit for bit, whatever else is asked', async () => {
  for (const predictor of predictors) {
    const all = await predictor.predict([...texts, ...rows.map(({ text }) => text)])
    for (const [i, text] of texts.entries()) expect(await predictor.predict(text)).toEqual(all[i])
  }
})

it('says why it cannot use a text', async () => {
  for (const predictor of predictors) {
    const answers = await predictor.predict(['', '123', 'car repair', '뷁쉙', '쌀'])
    expect(answers.map((answer) => ('reason' in answer ? answer.reason : answer.status))).toEqual([
      'empty',
      'no-letters',
      'other-language',
      'unknown-words',
      'coded',
    ])
  }
})

it('needs no ONNX Runtime, in Node.js and elsewhere', async () => {
  const runtime = {
    Tensor: class {
      readonly data = undefined
      readonly dims = []
    },
    InferenceSession: { create: () => Promise.reject(new Error('asked for a session')) },
  }
  const predictor = await loadAnywhere(filesIn(join(folder, 'linear-svc')), { runtime })
  expect(await predictor.predict(texts)).toEqual(await predictors[0]?.predict(texts))
  await predictor.dispose()
  await expect(predictor.predict('쌀')).rejects.toMatchObject({ code: 'predictor/disposed' })
})

it('stops when it is told to', async () => {
  const reason = new Error('enough')
  const controller = new AbortController()
  const many = Array.from({ length: 300 }, (_, i) => `${'쌀 국수 음식점 '.repeat(200)}${i}`)
  const ended = predictors[0]?.predict(many, { signal: controller.signal })
  setImmediate(() => controller.abort(reason))
  await expect(ended).rejects.toBe(reason)
})

it('lets others run between texts, whatever their length and number', async () => {
  let now = 0
  vi.spyOn(performance, 'now').mockImplementation(() => now)
  const model = {
    knows: () => true,
    // A millisecond for 100 characters, as of many neighbours.
    scores: (given: readonly string[]) => {
      now += given.reduce((sum, text) => sum + text.length, 0) / 100
      return Float32Array.from(given, (text) => text.length)
    },
  }
  const { tree, notes, preparation } = await readModelFolder(filesIn(join(folder, 'linear-svc')))
  const scorer = ngramScorer({ tree: { ...tree, codes: ['one'] }, notes, preparation }, model)
  const lengths = Array.from({ length: 400 }, (_, i) => (i % 5 === 0 ? 1500 : 7))
  const given = lengths.map((length) => '쌀'.repeat(length))
  let [turned, longest, runs] = [now, 0, true]
  const tick = (): void => {
    longest = Math.max(longest, now - turned)
    turned = now
    if (runs) setImmediate(tick)
  }
  tick()
  const scored = await Promise.all([given, given].map((texts) => scorer.score(texts, undefined, false)))
  runs = false
  for (const rows of scored)
    expect(rows.map((row) => ('logits' in row ? [...row.logits] : row))).toEqual(lengths.map((one) => [one]))
  // Less than a slice of 20 ms, and a block that ends it: a long text, and short ones.
  expect(longest).toBeLessThan(50)
})

it('has a folder of four files, which tells its task without ONNX files', async () => {
  const path = join(folder, 'linear-svc')
  expect((await readdir(path)).sort()).toEqual([
    'README.md',
    'kic.json',
    'ngram.safetensors',
    'preparation.json',
  ])
  expect(await readTask(path)).toMatchObject({ kind: 'model', needsRuntime: false, classification: ksic10 })
  expect(await readModelFolder(filesIn(path))).toMatchObject({
    kind: 'ngram',
    settings: models[0]?.settings,
  })
})

it('names the folder of a damaged file', async () => {
  const path = join(folder, 'damaged')
  await saveNgramFolder(path, {
    model: trainNgramModel(rows, { model: 'naive-bayes' }),
    notes: { classification: ksic10, script: ksicScript },
  })
  await writeFile(join(path, 'ngram.safetensors'), 'no weights')
  await expect(loadPredictor(path)).rejects.toMatchObject({
    code: expect.stringMatching(/^safetensors\//),
    message: expect.stringContaining(path),
  })
})
