import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ksic10, ksicScript } from '@kic/classification/ksic'
import { defined, isKicError } from '@kic/core'
import { selectEngine } from '@kic/engine'
import { meanHead, sequenceClassifier } from '@kic/roberta'
import { loadPretrained } from '@kic/roberta/node'
import type { Tokenizer } from '@kic/tokenizer'
import { GROUPS, saveTinyModel } from '@kic/tool-tiny-models'
import { createPredictor as createEnginePredictor } from '@kic/trainer'
import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from 'vitest'
import { serveFolder } from './__fixtures__/serve-folder.ts'
import type { CodedText, Prediction } from './answers/prediction.ts'
import type { Predictor } from './answers/predictor.ts'
import { loadPredictor as loadByUrl } from './load-predictor.ts'
import { loadPredictor } from './node.ts'

const curve = {
  rows: 10,
  thresholds: [0, 0.5],
  automatic: [9, 4],
  correct: { section: [9, 4], division: [8, 4], group: [6, 4] },
}
const notes = {
  format: 'kic-model',
  version: 1,
  classification: ksic10,
  script: ksicScript,
  calibration: { temperature: 2, on: 'ten rows', curve },
}

let folder: string
let tokenizer: Tokenizer
let predictor: Predictor
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-predictor-'))
  tokenizer = await saveTinyModel(folder, notes)
  predictor = await loadPredictor(folder, { precision: 'float32' })
})
afterAll(async () => {
  await predictor.dispose()
  await rm(folder, { recursive: true })
})

const texts = [
  '카센터에서 자동차 부분정비',
  '쌀',
  '음식점에서 국수 판매',
  '자동차 부품 도매 소매 타이어 오일 교환 카센터에서 자동차 수리',
  '벼 재배',
]

const coded = (prediction: Prediction | undefined): CodedText => {
  if (prediction === undefined || prediction.status === 'unusable') throw new Error('not coded')
  return prediction
}

describe('predict', () => {
  it('returns the probabilities of the engine, in any batch', async () => {
    const { config, params } = await loadPretrained(folder)
    const model = sequenceClassifier(config, meanHead)
    const engine = await selectEngine('cpu')
    const run = createEnginePredictor({ engine, forward: model.logits, padTokenId: 1 })
    const inputIds = texts.map((text) => tokenizer.encode(text).slice(0, 64))
    const { logits } = await run(engine.place(params), { inputIds })
    const together = await predictor.predict(texts, { topK: 5 })
    for (const [i, text] of texts.entries()) {
      const row = Array.from(logits.subarray(5 * i, 5 * i + 5))
      const weights = row.map((z) => Math.exp(z / 2))
      const sum = weights.reduce((a, b) => a + b)
      const expected = new Map(GROUPS.map((code, c) => [code, defined(weights[c]) / sum]))
      const alone = coded(await predictor.predict(text, { topK: 5 }))
      for (const answer of [alone, coded(together[i])]) {
        expect(answer.top).toHaveLength(5)
        for (const { code, confidence } of answer.top)
          expect(confidence).toBeCloseTo(expected.get(code) ?? -1, 5)
      }
    }
    engine.dispose()
  })

  it('returns one path of codes, with the sums of probabilities as confidences', async () => {
    for (const answer of (await predictor.predict(texts, { topK: 5 })).map(coded)) {
      const { section, division, group } = answer.codes
      const best = answer.top[0]
      expect(best?.labels).toEqual({ section: section?.code, division: division?.code, group: group?.code })
      const sum = (level: string, code = ''): number =>
        answer.top
          .filter(({ labels }) => labels[level] === code)
          .reduce((p, { confidence }) => p + confidence, 0)
      expect(division?.confidence).toBeCloseTo(sum('division', division?.code), 9)
      expect(section?.confidence).toBeCloseTo(sum('section', section?.code), 9)
      expect(answer.confidence).toBe(group?.confidence)
      expect(answer.top.reduce((p, { confidence }) => p + confidence, 0)).toBeCloseTo(1, 9)
    }
    const repairs = coded(await predictor.predict('쌀')).codes
    expect(Object.keys(repairs)).toEqual(['section', 'division', 'group'])
    expect(repairs.group?.name).not.toBe('')
  })

  it('marks unusable texts and doubtful answers', async () => {
    const answers = await predictor.predict(
      ['', ' \u3000\u200b', '!!! ???', '12-34', 'car repair shop', '뷁쉙', 'ㅋㅋㅋ', '쌀'],
      {
        reviewBelow: 1,
      },
    )
    expect(answers.map((answer) => ('reason' in answer ? answer.reason : answer.status))).toEqual([
      'empty',
      'empty',
      'no-letters',
      'no-letters',
      'other-language',
      'unknown-words',
      'other-language',
      'review',
    ])
    expect(coded(await predictor.predict('쌀', { reviewBelow: 0 })).status).toBe('coded')
  })

  it('reads decomposed Hangul like composed Hangul, and marks truncated texts', async () => {
    const [composed, decomposed] = await predictor.predict(['자동차 부품', '자동차 부품'.normalize('NFD')])
    expect(decomposed).toEqual(composed)
    expect(coded(composed).truncated).toBe(false)
    expect(coded(await predictor.predict('자동차 부품 '.repeat(40))).truncated).toBe(true)
  })

  it('answers concurrent calls like consecutive ones', async () => {
    const many = Array.from({ length: 60 }, (_, i) => `${texts[i % 5]} ${'쌀 '.repeat(i % 7)}`)
    const oneByOne: CodedText[] = []
    for (const text of many) oneByOne.push(coded(await predictor.predict(text)))
    const atOnce = await Promise.all(many.map((text) => predictor.predict(text)))
    for (const [i, answer] of atOnce.map(coded).entries()) {
      expect(answer.codes.group?.code).toBe(oneByOne[i]?.codes.group?.code)
      expect(answer.confidence).toBeCloseTo(oneByOne[i]?.confidence ?? -1, 5)
      expect(answer.text).toBe(oneByOne[i]?.text)
    }
  })

  it('matches repeated texts to their own answers across windows', async () => {
    const words = [...new Set(texts.flatMap((text) => text.split(' ')))]
    // The digits of a number, as words.
    const textOf = (n: number): string =>
      [0, 1, 2, 3].map((k) => words[Math.floor(n / words.length ** k) % words.length]).join(' ')
    // Half of each window repeats earlier texts at other places.
    const many = Array.from({ length: 3 * 4096 }, (_, i) => textOf(i % 2 === 0 ? i : (i * 5) % 4096))
    const all: CodedText[] = []
    for await (const answer of predictor.stream(many, { topK: 5 })) all.push(coded(answer))
    for (const i of [0, 4095, 4096, 5000, 6001, 8191, 8192, 9000, 12_287]) {
      const alone = coded(await predictor.predict(defined(many[i]), { topK: 5 }))
      expect(all[i]?.text).toBe(many[i])
      for (const { code, confidence } of alone.top)
        expect(all[i]?.top.find((one) => one.code === code)?.confidence).toBeCloseTo(confidence, 5)
    }
    expect(all[5000]?.top).not.toEqual(all[5002]?.top)
  })

  it('streams answers in order', async () => {
    const many = Array.from({ length: 5000 }, (_, i) =>
      i % 100 === 7 ? '?' : `쌀 ${'국수 '.repeat(i % 5)}${i}`,
    )
    let at = 0
    for await (const answer of predictor.stream(many)) {
      expect(answer.text).toBe(many[at]?.trim())
      at += 1
    }
    expect(at).toBe(5000)
  })

  it('aborts one call with its reason, and continues others', async () => {
    const controller = new AbortController()
    const reason = new Error('enough')
    const many = Array.from({ length: 3000 }, (_, i) => `쌀 국수 ${i}`)
    const ended = predictor.predict(many, { signal: controller.signal })
    const other = predictor.predict(texts)
    setTimeout(() => controller.abort(reason), 1)
    await expect(ended).rejects.toBe(reason)
    expect(await other).toHaveLength(5)
    await expect(predictor.predict('쌀', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  })

  it('refuses values other than strings, and invalid options', async () => {
    const code = (promise: Promise<unknown>): Promise<unknown> =>
      promise.then(
        () => 'no error',
        (error: unknown) => (isKicError(error) ? error.code : error),
      )
    const notText: unknown = 5
    expect(await code(predictor.predict([notText as string]))).toBe('predictor/not-a-string')
    expect(await code(predictor.predict('쌀', { reviewBelow: 1.5 }))).toBe('scores/threshold')
    expect(await code(predictor.predict('쌀', { topK: -1 }))).toBe('predictor/top-k')
  })

  it('has a return type for one text and for several', () => {
    expectTypeOf(predictor.predict('쌀')).resolves.toEqualTypeOf<Prediction>()
    expectTypeOf(predictor.predict(['쌀'])).resolves.toEqualTypeOf<Prediction[]>()
  })
})

describe('loadPredictor', () => {
  it('reads the expectation at a threshold from the curve in the folder', () => {
    const { automatic, rows, accuracy } = predictor.expectation(0.6) ?? {}
    expect([automatic, rows, accuracy?.group?.accuracy]).toEqual([0.4, 4, 1])
    expect(predictor.expectation(0.2)?.accuracy.group?.accuracy).toBeCloseTo(6 / 9)
    expect(predictor.info).toMatchObject({
      kind: 'model',
      classes: GROUPS,
      models: [{ precision: 'float32', maxTokens: 64 }],
    })
  })

  it('prefers int8 weights, with nearly the same answers', async () => {
    const int8 = await loadPredictor(folder)
    expect(int8.info.models[0]?.precision).toBe('int8')
    const [a, b] = [coded(await int8.predict('쌀')), coded(await predictor.predict('쌀'))]
    expect(a.codes.group?.code).toBe(b.codes.group?.code)
    expect(Math.abs(a.confidence - b.confidence)).toBeLessThan(0.01)
    await int8.dispose()
    await expect(int8.predict('쌀')).rejects.toMatchObject({ code: 'predictor/disposed' })
  })

  it('returns nearly the same int8 scores for a text in any batch', async () => {
    const int8 = await loadPredictor(folder)
    const { logits, classes } = await int8.scores(texts)
    for (const [i, text] of texts.entries()) {
      const alone = await int8.scores([text])
      alone.logits.forEach((score, c) => {
        expect(Math.abs(score - defined(logits[i * classes + c]))).toBeLessThan(0.01)
      })
    }
    await int8.dispose()
  })

  it('reads a folder from a server, as in a browser', async () => {
    const server = await serveFolder(folder)
    const runtime = await import('onnxruntime-web')
    const remote = await loadByUrl(server.url, { runtime, precision: 'float32' })
    const [here, there] = [await predictor.predict(texts), await remote.predict(texts)]
    for (const [i, answer] of here.map(coded).entries()) {
      expect(coded(there[i]).confidence).toBeCloseTo(answer.confidence, 5)
      expect(coded(there[i]).codes.group?.code).toBe(answer.codes.group?.code)
    }
    await remote.dispose()
    await expect(loadByUrl(`${server.url}/none`, { runtime })).rejects.toMatchObject({
      code: 'predictor/config',
    })
    await server.close()
  })

  it.each([
    ['config.json', '{', 'predictor/bad-json'],
    ['config.json', '{"id2label": 3}', 'predictor/config'],
    ['kic.json', JSON.stringify({ ...notes, version: 2 }), 'predictor/notes'],
    [
      'kic.json',
      JSON.stringify({ ...notes, calibration: { ...notes.calibration, curve: { ...curve, rows: 3 } } }),
      'predictor/notes',
    ],
    ['preparation.json', '{"name":"kic-text","version":2}', 'data/preparation'],
    ['onnx/model_quantized.onnx', 'no weights', 'predictor/bad-weights'],
  ])('refuses a folder whose %s is %s', async (file, content, code) => {
    const path = join(folder, file)
    const before = await readFile(path)
    await writeFile(path, content)
    await expect(loadPredictor(folder)).rejects.toMatchObject({ code })
    await writeFile(path, before)
  })

  it('truncates at the tokenizer’s limit if it is below the model’s positions', async () => {
    const path = join(folder, 'tokenizer_config.json')
    const before = await readFile(path, 'utf8')
    await writeFile(path, JSON.stringify({ ...JSON.parse(before), model_max_length: 5 }))
    const short = await loadPredictor(folder, { precision: 'float32' })
    expect(short.info.models[0]?.maxTokens).toBe(5)
    const [cut, whole] = await short.predict(['쌀 쌀 쌀 국수 국수', '쌀 쌀 쌀'])
    expect(coded(cut).truncated).toBe(true)
    expect(coded(cut).top).toEqual(coded(whole).top)
    await short.dispose()
    await writeFile(path, before)
  })

  it('refuses classes other than codes, and accepts codes of a coarser level', async () => {
    const other = await mkdtemp(join(tmpdir(), 'kic-predictor-'))
    await saveTinyModel(other, undefined, { 0: 'LABEL_0', 1: 'LABEL_1' })
    await expect(loadPredictor(other)).rejects.toMatchObject({ code: 'predictor/labels' })
    await saveTinyModel(other, undefined, { 0: '01', 1: '95' })
    const known = [{ classification: ksic10, script: ksicScript }]
    const divisions = await loadPredictor(other, { known })
    const answer = coded(await divisions.predict('쌀'))
    expect(Object.keys(answer.codes)).toEqual(['section', 'division'])
    expect(divisions.expectation(0.5)).toBeUndefined()
    await divisions.dispose()
    await rm(other, { recursive: true })
  })
})
