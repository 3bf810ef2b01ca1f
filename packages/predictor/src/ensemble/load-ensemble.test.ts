import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { numberedLevels, restrictClassification } from '@kic/classification'
import { ksic10 } from '@kic/classification/ksic'
import { defined } from '@kic/core'
import type { EnsembleInput } from '@kic/ensemble'
import { saveEnsemble } from '@kic/ensemble/node'
import { softmaxRows } from '@kic/scores'
import { GROUPS, KSIC_NOTES, saveTinyModel } from '@kic/tool-tiny-models'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serveFolder } from '../__fixtures__/serve-folder.ts'
import type { CodedText, Prediction } from '../answers/prediction.ts'
import type { Predictor } from '../answers/predictor.ts'
import { calibrate } from '../calibrate/calibrate.ts'
import { loadPredictor as loadByUrl } from '../load-predictor.ts'
import { filesIn, loadPredictor, readTask, saveCalibration } from '../node.ts'

const members: EnsembleInput['members'] = [
  { name: 'first', level: 'group', model: 'first', temperature: 2 },
  { name: 'second', level: 'group', model: 'second', weight: 3 },
]
const ensembleOf = (given: EnsembleInput['members'] = members): EnsembleInput => ({
  format: 'kic-ensemble',
  version: 1,
  scheme: 'path',
  levels: numberedLevels(restrictClassification(ksic10, GROUPS)),
  members: given,
})
const texts = ['쌀', '타이어 오일 교환', '음식점에서 국수 판매', '컴퓨터 수리', '자동차 부품 도매']

let folder: string
let file: string
let models: readonly Predictor[]
let ensemble: Predictor
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-ensemble-'))
  file = join(folder, 'votes.json')
  await saveTinyModel(join(folder, 'first'), KSIC_NOTES)
  // The same groups in another order, so class numbers differ.
  await saveTinyModel(join(folder, 'second'), KSIC_NOTES, Object.fromEntries(GROUPS.toReversed().entries()))
  await saveEnsemble(file, ensembleOf())
  const options = { precision: 'float32' } as const
  models = await Promise.all(['first', 'second'].map((name) => loadPredictor(join(folder, name), options)))
  ensemble = await loadPredictor(file, options)
})
afterAll(async () => {
  await Promise.all([...models, ensemble].map((predictor) => predictor.dispose()))
  await rm(folder, { recursive: true })
})

const coded = (prediction: Prediction | undefined): CodedText => {
  if (prediction === undefined || prediction.status === 'unusable') throw new Error('not coded')
  return prediction
}
const collected = async <T>(answers: AsyncIterable<T>): Promise<T[]> => {
  const found: T[] = []
  for await (const answer of answers) found.push(answer)
  return found
}

/** The probability of each code for a text, from a model's scores at a temperature. */
const byCode = async (model: Predictor | undefined, text: string, temperature: number) => {
  if (model === undefined) throw new Error('no model')
  const { logits, classes } = await model.scores([text])
  const found = softmaxRows(
    logits.map((score) => score / temperature),
    classes,
  )
  return new Map(model.info.classes.map((code, c) => [code, defined(found[c])]))
}

describe('an ensemble', () => {
  it('has the same info as a model', () => {
    expect(ensemble.info).toMatchObject({
      kind: 'ensemble',
      name: file,
      models: [
        { name: join(folder, 'first'), precision: 'float32', maxTokens: 64 },
        { name: join(folder, 'second') },
      ],
      levels: ['section', 'division', 'group'],
      classes: GROUPS,
    })
    expect(ensemble.info.preparation).toEqual(models[0]?.info.preparation)
    expect(ensemble.info.warnings).toEqual(models.flatMap(({ info }) => info.warnings))
    expect(ensemble.expectation(0.5)).toBeUndefined()
  })

  it('answers with the weighted mean of its models, each at its temperature, and matches classes by code', async () => {
    for (const text of texts) {
      const [first, second] = [await byCode(models[0], text, 2), await byCode(models[1], text, 1)]
      const { top } = coded(await ensemble.predict(text, { topK: 5 }))
      expect(top).toHaveLength(5)
      for (const { code, confidence } of top)
        expect(confidence).toBeCloseTo((first.get(code) ?? -1) / 4 + (3 * (second.get(code) ?? -1)) / 4, 5)
    }
  })

  it('streams rows in order, with the options of a model', async () => {
    const rows = [
      ...texts.map((text, id) => ({ id, text })),
      { line: 9 },
      { id: 5, text: '???' },
      { id: 6, text: `${texts[0]}` },
    ]
    const answers = await collected(ensemble.stream(rows, { topK: 1, reviewBelow: 1, window: 3 }))
    expect(answers.map((row) => ('id' in row ? row.id : row))).toEqual([0, 1, 2, 3, 4, { line: 9 }, 5, 6])
    const predictions = answers.flatMap((row) => ('prediction' in row ? [row.prediction] : []))
    expect(predictions[5]).toEqual({ status: 'unusable', text: '???', reason: 'no-letters' })
    expect(predictions[6]).toEqual(predictions[0])
    for (const prediction of predictions.filter((_, i) => i !== 5).map(coded)) {
      expect([prediction.status, prediction.top.length]).toEqual(['review', 1])
      expect(prediction.codes.group?.code.startsWith(prediction.codes.division?.code ?? '-')).toBe(true)
    }
    expect(await ensemble.predict(['???', ''])).toMatchObject([{ reason: 'no-letters' }, { reason: 'empty' }])
  })

  it('returns prepared texts, and marks those that a model truncates', async () => {
    const [short, long] = await ensemble.predict(['쌀'.normalize('NFD'), '자동차 부품 '.repeat(40)])
    expect(coded(short)).toMatchObject({ text: '쌀', truncated: false })
    expect(coded(long).truncated).toBe(true)
  })

  it('has scores whose softmax is its vote', async () => {
    const { logits, classes, usable } = await ensemble.scores([...texts, '???'])
    expect(usable).toEqual([...texts.map(() => true), false])
    const probabilities = softmaxRows(logits, classes)
    for (const [i, answer] of (await ensemble.predict(texts, { topK: 5 })).map(coded).entries()) {
      for (const { code, confidence } of answer.top)
        expect(probabilities[i * classes + GROUPS.indexOf(code)]).toBeCloseTo(confidence, 5)
    }
  })

  it('answers by its stacks: weighted logarithms and biases', async () => {
    const bias = GROUPS.map((_, c) => c / 10)
    const stacked = join(folder, 'stacked.json')
    await saveEnsemble(stacked, {
      ...ensembleOf(members.map(({ weight: _, ...member }) => member)),
      scheme: 'stacked',
      stacks: [{ level: 'group', weights: [0.4, 0.9], bias }],
    })
    const predictor = await loadPredictor(stacked, { precision: 'float32' })
    try {
      for (const text of texts) {
        const [first, second] = [await byCode(models[0], text, 2), await byCode(models[1], text, 1)]
        const logits = GROUPS.map(
          (code, c) =>
            0.4 * Math.log(first.get(code) ?? -1) + 0.9 * Math.log(second.get(code) ?? -1) + (bias[c] ?? 0),
        )
        const wanted = softmaxRows(logits, GROUPS.length)
        for (const { code, confidence } of coded(await predictor.predict(text, { topK: 5 })).top)
          expect(confidence).toBeCloseTo(wanted[GROUPS.indexOf(code)] ?? -1, 5)
      }
    } finally {
      await predictor.dispose()
    }
  })

  it('stops on abort, and rejects calls after dispose', async () => {
    const reason = new Error('enough')
    await expect(ensemble.predict('쌀', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    const other = await loadPredictor(file)
    await other.dispose()
    await expect(other.predict('쌀')).rejects.toMatchObject({ code: 'predictor/disposed' })
  })

  it('keeps no calibration beside a file that is one of several', async () => {
    const rows = ['쌀', '국수'].map((text) => ({ text, labels: { group: '011' } }))
    const calibration = await calibrate(ensemble, rows, 'two rows')
    await expect(saveCalibration(file, calibration)).rejects.toMatchObject({
      code: 'predictor/calibrate-ensemble',
    })
  })
})

describe('loadPredictor', () => {
  it('loads an ensemble from its file, its URL, or a folder with ensemble.json', async () => {
    const expected = await ensemble.predict(texts)
    await saveEnsemble(join(folder, 'ensemble.json'), ensembleOf())
    for (const source of [pathToFileURL(file), folder, filesIn(folder)]) {
      const predictor = await loadPredictor(source, { precision: 'float32' })
      expect(await predictor.predict(texts)).toEqual(expected)
      await predictor.dispose()
    }
    expect(await readTask(file)).toEqual({
      kind: 'ensemble',
      classification: ksic10,
      levels: ['section', 'division', 'group'],
      needsRuntime: true,
    })
    expect(await readTask(join(folder, 'first'))).toMatchObject({ kind: 'model', classification: ksic10 })
  })

  it('loads from a server, as in a browser, and fetches no file twice', async () => {
    const server = await serveFolder(folder)
    const runtime = await import('onnxruntime-web')
    for (const path of ['votes.json', 'first']) {
      server.fetched.length = 0
      const options = { runtime, precision: 'float32' } as const
      const predictor = await loadByUrl(`${server.url}/${path}`, options)
      expect(coded(await predictor.predict('쌀')).codes.group?.code).toBe(
        coded(await (path === 'first' ? models[0] : ensemble)?.predict('쌀')).codes.group?.code,
      )
      expect(new Set(server.fetched).size).toBe(server.fetched.length)
      await predictor.dispose()
    }
    await server.close()
  })

  it.each([
    ['no JSON', () => 'no JSON', 'predictor/bad-json'],
    ['another version', () => JSON.stringify({ ...ensembleOf(), version: 2 }), 'ensemble/file'],
    [
      'a member without a model',
      () => JSON.stringify(ensembleOf([...members, { name: 'stored', level: 'group', predictions: 'x' }])),
      'predictor/ensemble-model',
    ],
    [
      'a model of other classes',
      () => JSON.stringify(ensembleOf([{ name: 'division', level: 'division', model: 'first' }, ...members])),
      'predictor/ensemble-classes',
    ],
    [
      'a missing model',
      () => JSON.stringify(ensembleOf([...members, { name: 'none', level: 'group', model: 'none' }])),
      'predictor/config',
    ],
  ])('refuses a file with %s', async (_, content, code) => {
    const bad = join(folder, 'bad.json')
    await writeFile(bad, content())
    await expect(loadPredictor(bad)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(/^loadPredictor: /),
    })
  })

  it('treats a missing file as an ensemble, and a missing folder as a model', async () => {
    await expect(loadPredictor(join(folder, 'none.json'))).rejects.toMatchObject({ code: 'ensemble/file' })
    await expect(loadPredictor(join(folder, 'none'))).rejects.toMatchObject({
      code: 'predictor/config',
      message: expect.stringMatching(/config\.json .*ngram\.safetensors .*rerank\.json .*ensemble\.json /),
    })
  })
})
