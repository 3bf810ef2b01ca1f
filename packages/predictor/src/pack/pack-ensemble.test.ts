import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { labelsOf } from '@kic/classification'
import { ksic10, ksicScript } from '@kic/classification/ksic'
import { createRandom } from '@kic/core'
import { trainNgramModel } from '@kic/ngram'
import { softmaxRows } from '@kic/scores'
import { GROUPS, KSIC_NOTES, saveTinyModel } from '@kic/tool-tiny-models'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serveFolder } from '../__fixtures__/serve-folder.ts'
import type { CodedText, Prediction } from '../answers/prediction.ts'
import type { Predictor } from '../answers/predictor.ts'
import { calibrate } from '../calibrate/calibrate.ts'
import { loadPredictor as loadByUrl } from '../load-predictor.ts'
import {
  filesIn,
  loadPredictor,
  packEnsemble,
  readTask,
  saveCalibration,
  saveNgramFolder,
  threadRuntime,
} from '../node.ts'

const words = ['쌀', '국수 판매', '타이어 교환', '자동차 부품', '컴퓨터 수리']
const rows = Array.from({ length: 60 }, (_, i) => ({
  text: `${words[i % 5]} ${words[(i * 7) % 5]}`,
  label: GROUPS[i % 5] ?? '',
}))
const texts = ['쌀', '타이어 오일 교환', '음식점에서 국수 판매', '컴퓨터 수리', '자동차 부품 도매']

let folder: string
let packed: string
let ensemble: Predictor
let members: readonly Predictor[]
const at = (name: string): string => join(folder, name)
const given = [
  { name: 'first', temperature: 2 },
  { name: 'second', weight: 3 },
  { name: 'ngram', weight: 2, temperature: 0.5 },
]
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-pack-'))
  await saveTinyModel(at('first'), KSIC_NOTES)
  await saveTinyModel(at('second'), KSIC_NOTES, Object.fromEntries(GROUPS.toReversed().entries()))
  await saveNgramFolder(at('ngram'), {
    model: trainNgramModel(rows, { model: 'linear-svc' }),
    notes: { classification: ksic10, script: ksicScript },
    card: { licence: 'apache-2.0' },
  })
  await mkdir(at('foreign'))
  for (const file of ['README.md', 'kic.json']) await writeFile(join(at('foreign'), file), 'mine')
  await symlink(at('second'), at('link'), 'junction')
  packed = at('packed')
  await packEnsemble(packed, {
    members: given.map((member) => ({ ...member, folder: at(member.name) })),
    precision: 'float32',
  })
  ensemble = await loadPredictor(packed)
  members = await Promise.all(given.map(({ name }) => loadPredictor(at(name), { precision: 'float32' })))
})
afterAll(async () => {
  await Promise.all([ensemble, ...members].map((predictor) => predictor.dispose()))
  await rm(folder, { recursive: true })
})

const coded = (prediction: Prediction | undefined): CodedText => {
  if (prediction === undefined || prediction.status === 'unusable') throw new Error('not coded')
  return prediction
}
const paths = async (at: string): Promise<readonly string[]> =>
  (await readdir(at, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(at.length + 1))
    .sort()

/** The mean of the members' probabilities of each code, by weight, each member at its temperature. */
const expectedVote = async (text: string): Promise<ReadonlyMap<string, number>> => {
  const votes = new Map(GROUPS.map((code) => [code, 0]))
  for (const [k, { weight = 1, temperature = 1 }] of given.entries()) {
    const member = members[k]
    const { logits = new Float32Array() } = (await member?.scores([text])) ?? {}
    const found = softmaxRows(
      logits.map((score) => score / temperature),
      5,
    )
    for (const [c, code] of (member?.info.classes ?? []).entries())
      votes.set(code, (votes.get(code) ?? 0) + (weight / 6) * (found[c] ?? 0))
  }
  return votes
}

describe('packEnsemble', () => {
  it('takes what running takes, and stores equal files once', async () => {
    const files = await paths(packed)
    expect(files.map((path) => path.replace(/-[0-9a-f]{12}\./, '-*.'))).toEqual([
      'README.md',
      'ensemble.json',
      'kic.json',
      'members/first/config.json',
      'members/ngram/kic.json',
      'members/ngram/ngram.safetensors',
      'members/second/config.json',
      'preparation.json',
      'shared/kic-*.json',
      'shared/model-*.onnx',
      'shared/preparation-*.json',
      'shared/special_tokens_map-*.json',
      'shared/tokenizer-*.json',
      'shared/tokenizer_config-*.json',
    ])
    const { files: places } = JSON.parse(await readFile(join(packed, 'ensemble.json'), 'utf8'))
    expect(places['members/first/tokenizer.json']).toBe(places['members/second/tokenizer.json'])
    expect(places['members/ngram/preparation.json']).toMatch(/^shared\/preparation-/)
    expect(await readFile(join(packed, 'README.md'), 'utf8')).toContain(
      '| ngram | ngram | group | 2 | 0.500 | apache-2.0 |',
    )
  })

  it('makes a model that answers as its members vote, wherever it is copied', async () => {
    const copy = at('elsewhere')
    await cp(packed, copy, { recursive: true })
    const copied = await loadPredictor(copy)
    for (const text of texts) {
      const expected = await expectedVote(text)
      for (const predictor of [ensemble, copied]) {
        const { top } = coded(await predictor.predict(text, { topK: 5 }))
        for (const { code, confidence } of top) expect(confidence).toBeCloseTo(expected.get(code) ?? -1, 5)
      }
    }
    await copied.dispose()
    expect(ensemble.info).toMatchObject({
      kind: 'ensemble',
      name: packed,
      models: [
        { kind: 'network', precision: 'float32', maxTokens: 64 },
        { kind: 'network' },
        { kind: 'ngram' },
      ],
      classes: GROUPS,
      warnings: [],
    })
    expect(await readTask(packed)).toMatchObject({ kind: 'ensemble', needsRuntime: true })
  })

  it('replaces an ensemble, and leaves other files of its folder', async () => {
    const again = at('again')
    await cp(packed, again, { recursive: true })
    await writeFile(join(again, 'notes.txt'), 'mine')
    await packEnsemble(again, { members: [{ name: 'only', folder: at('ngram') }] })
    expect(await paths(again)).toEqual([
      'README.md',
      'ensemble.json',
      'kic.json',
      'members/only/kic.json',
      'members/only/ngram.safetensors',
      'members/only/preparation.json',
      'notes.txt',
      'preparation.json',
    ])
    expect(await readTask(again)).toMatchObject({ kind: 'ensemble', needsRuntime: false })
  })

  it.each([
    ['a network without ONNX files', { name: 'bare' }, 'predictor/no-weights'],
    ['a name that leads out of the folder', { name: '../first' }, 'predictor/ensemble-model'],
    ['a name that occurs twice', { name: 'first' }, 'predictor/ensemble-model'],
    ['a folder that is not there', { name: 'none' }, 'predictor/config'],
    ['other classes', { name: 'other' }, 'predictor/ensemble-classes'],
    ['another classification', { name: 'grades' }, 'predictor/ensemble-classes'],
  ])('refuses %s, and leaves nothing behind', async (_, { name }, code) => {
    await cp(at('first'), at('bare'), { recursive: true })
    await rm(join(at('bare'), 'onnx'), { recursive: true })
    if (name === 'other') await saveTinyModel(at('other'), undefined, { 0: '952', 1: '012' })
    if (name === 'grades') await saveTinyModel(at('grades'), undefined, { 0: '상', 1: '하' })
    const before = await readdir(folder)
    const known = [{ classification: ksic10, script: ksicScript }]
    const packing = packEnsemble(at('refused'), {
      members: [
        { name: 'first', folder: at('first') },
        { name, folder: join(folder, 'x', '..', name) },
      ],
      known,
    })
    await expect(packing).rejects.toMatchObject({
      code,
      message: expect.stringMatching(/^(packEnsemble|loadPredictor): /),
    })
    expect(await readdir(folder)).toEqual(before)
  })

  it.each([
    ['of a network', 'first', 'config.json'],
    ['of an n-gram model', 'ngram', 'ngram.safetensors'],
    ['of a member', 'second', 'a model in it'],
    ['of a member behind a link', 'link', 'a model in it'],
    ['with other files', 'foreign', '2 other entries such as README.md'],
  ])('refuses the folder %s, and leaves it as it is', async (_, name, told) => {
    const before = await paths(at(name))
    const packing = packEnsemble(at(name), { members: [{ name: 'second', folder: at('second') }] })
    await expect(packing).rejects.toMatchObject({
      code: 'predictor/folder',
      message: expect.stringContaining(told),
    })
    expect(await paths(at(name))).toEqual(before)
    expect(await readFile(join(at('foreign'), 'README.md'), 'utf8')).toBe('mine')
  })

  it('fills an empty folder', async () => {
    await mkdir(at('empty'))
    await packEnsemble(at('empty'), { members: [{ name: 'only', folder: at('ngram') }] })
    expect(await readTask(at('empty'))).toMatchObject({ kind: 'ensemble' })
  })

  it('refuses an ensemble as a member', async () => {
    const packing = packEnsemble(at('refused'), { members: [{ name: 'packed', folder: packed }] })
    await expect(packing).rejects.toMatchObject({
      code: 'predictor/ensemble-model',
      message: expect.stringContaining('an ensemble cannot be a member'),
    })
  })
})

describe('a packed ensemble', () => {
  it('loads as in browsers, from a server, on onnxruntime-web, and fetches no file twice', async () => {
    const server = await serveFolder(folder)
    const runtime = await import('onnxruntime-web')
    const remote = await loadByUrl(`${server.url}/packed`, { runtime })
    const [here, there] = [await ensemble.predict(texts), await remote.predict(texts)]
    for (const [i, answer] of here.map(coded).entries()) {
      expect(coded(there[i]).codes.group?.code).toBe(answer.codes.group?.code)
      expect(coded(there[i]).confidence).toBeCloseTo(answer.confidence, 5)
    }
    expect(new Set(server.fetched).size).toBe(server.fetched.length)
    expect(server.fetched.filter((path) => path.includes('/shared/tokenizer-'))).toHaveLength(1)
    await remote.dispose()
    await server.close()
  })

  it('is calibrated as a model is: a temperature of the vote, and a validation curve', async () => {
    const folder = at('calibrated')
    await cp(packed, folder, { recursive: true })
    const random = createRandom('rows')
    const many = Array.from({ length: 300 }, (_, i) => `${words[random.int(5)]} ${words[random.int(5)]} ${i}`)
    const before = (await ensemble.predict(many, { topK: 5 })).map(coded)
    // The vote's own answers, of which every third is made wrong.
    const labelled = before.map(({ text, codes }, i) => {
      const code = codes.group?.code ?? ''
      const wrong = GROUPS[(GROUPS.indexOf(code) + 1 + (i % 4)) % 5] ?? ''
      return { text, labels: labelsOf(ksic10, 'group', i % 3 === 0 ? wrong : code) }
    })
    const calibration = await calibrate(ensemble, labelled, 'test rows')
    expect(calibration.curve.correct.group?.[0]).toBe(200)
    await saveCalibration(folder, calibration)
    const calibrated = await loadPredictor(folder)
    expect(calibrated.info.calibration).toEqual(calibration)
    const after = (await calibrated.predict(many, { topK: 5 })).map(coded)
    const loss = (answers: readonly CodedText[]): number =>
      answers.reduce((sum, { top }, i) => {
        const own = top.find(({ code }) => code === labelled[i]?.labels.group)
        return sum - Math.log(own?.confidence ?? 0)
      }, 0)
    expect(loss(after)).toBeLessThan(0.95 * loss(before))
    for (const [i, { codes }] of after.entries()) {
      for (const level of ['section', 'division', 'group'])
        expect(codes[level]?.code).toBe(before[i]?.codes[level]?.code)
    }
    // The curve is of the confidences that the calibrated ensemble gives.
    const { curve } = calibration
    for (const k of [30, 50, 70]) {
      const threshold = curve.thresholds[k] ?? 0
      expect(curve.automatic[k]).toBe(after.filter(({ confidence }) => confidence >= threshold).length)
    }
    expect(calibrated.expectation(0)?.accuracy.group?.accuracy).toBeCloseTo(2 / 3, 9)
    // Scores are before calibration, so calibrating again changes nothing.
    const again = await calibrate(calibrated, labelled, 'test rows')
    expect(again.temperature).toBeCloseTo(calibration.temperature, 9)
    await calibrated.dispose()
  })

  it('opens only the members of a budget, with the calibration of the budget', async () => {
    const folder = at('budgets')
    const curve = { rows: 4, thresholds: [0], automatic: [4], correct: { group: [3] } }
    const fast = {
      members: [{ name: 'ngram', weight: 1, temperature: 0.5 }],
      accuracy: 0.75,
      rowsPerSecond: 9000,
      calibration: { temperature: 2, on: 'four rows', curve },
    }
    const best = {
      members: given.map(({ name, weight = 1, temperature = 1 }) => ({ name, weight, temperature })),
      accuracy: 0.8,
      rowsPerSecond: 100,
    }
    await packEnsemble(folder, {
      members: given.map((member) => ({ ...member, folder: at(member.name) })),
      budgets: { fast, best },
      precision: 'float32',
    })
    const runtime = {
      Tensor: class {},
      InferenceSession: { create: () => Promise.reject(new Error('opened')) },
    }
    // @ts-expect-error: nothing of it is used
    const predictor = await loadPredictor(folder, { budget: 'fast', runtime })
    expect(predictor.info).toMatchObject({
      budget: 'fast',
      models: [{ kind: 'ngram' }],
      calibration: fast.calibration,
    })
    const { logits = new Float32Array() } = (await members[2]?.scores(texts)) ?? {}
    const expected = softmaxRows(
      logits.map((score) => score / 0.5 / 2),
      5,
    )
    for (const [i, answer] of (await predictor.predict(texts)).map(coded).entries())
      expect(answer.confidence).toBeCloseTo(Math.max(...expected.subarray(5 * i, 5 * i + 5)), 5)
    await predictor.dispose()
    const whole = await loadPredictor(folder, { budget: 'best' })
    expect(await whole.predict(texts)).toEqual(await ensemble.predict(texts))
    await whole.dispose()
    // A budget with the votes of the whole ensemble has its calibration, and yet an identity of its own.
    await saveCalibration(folder, { temperature: 3, on: 'new rows', curve })
    const loaded = await Promise.all(
      ([undefined, 'best', 'fast'] as const).map((budget) => loadPredictor(folder, { budget })),
    )
    expect(loaded.map(({ info }) => info.calibration?.on)).toEqual(['new rows', 'new rows', 'four rows'])
    expect(new Set(loaded.map(({ info }) => info.id)).size).toBe(3)
    expect(await loaded[1]?.predict(texts)).toEqual(await loaded[0]?.predict(texts))
    await Promise.all(loaded.map((one) => one.dispose()))
    const again = await loadPredictor(folder)
    expect(again.info.id).toBe(loaded[0]?.info.id)
    await again.dispose()
    expect(await readFile(join(folder, 'README.md'), 'utf8')).toContain('| `fast` | ngram | 75.0 % | 9,000 |')
    await expect(loadPredictor(packed, { budget: 'fast' })).rejects.toMatchObject({ code: 'ensemble/budget' })
    await expect(loadPredictor(at('ngram'), { budget: 'fast' })).rejects.toMatchObject({
      code: 'predictor/budget',
    })
  })

  it('packs stacks, whose weights take the place of those of members', async () => {
    const folder = at('stacked')
    const weights = [0.3, 0.5, 0.8]
    const bias = GROUPS.map((_, c) => c / 10)
    await packEnsemble(folder, {
      members: given.map(({ name, temperature }) => ({ name, temperature, folder: at(name) })),
      scheme: 'stacked',
      stacks: [{ level: 'group', weights, bias }],
      precision: 'float32',
    })
    const card = await readFile(join(folder, 'README.md'), 'utf8')
    expect(card).toContain('| ngram | ngram | group | group 0.800 | 0.500 | apache-2.0 |')
    const predictor = await loadPredictor(folder)
    for (const text of texts) {
      const sums = new Map(GROUPS.map((code, c) => [code, bias[c] ?? 0]))
      for (const [k, { temperature = 1 }] of given.entries()) {
        const { logits = new Float32Array() } = (await members[k]?.scores([text])) ?? {}
        const found = softmaxRows(
          logits.map((score) => score / temperature),
          5,
        )
        for (const [c, code] of (members[k]?.info.classes ?? []).entries())
          sums.set(code, (sums.get(code) ?? 0) + (weights[k] ?? 0) * Math.log(found[c] ?? 0))
      }
      const wanted = softmaxRows([...sums.values()], 5)
      for (const { code, confidence } of coded(await predictor.predict(text, { topK: 5 })).top)
        expect(confidence).toBeCloseTo(wanted[GROUPS.indexOf(code)] ?? -1, 5)
    }
    await predictor.dispose()
    await expect(
      packEnsemble(folder, { members: [{ name: 'first', folder: at('first') }], scheme: 'stacked' }),
    ).rejects.toMatchObject({ code: 'ensemble/file' })
  })

  it('gives the same answers whatever the batch, the order and the threads', async () => {
    const random = createRandom('batches')
    const many = Array.from(
      { length: 200 },
      (_, i) => `${words[random.int(5)]} ${'수리 '.repeat(random.int(6))}${i}`,
    )
    const expected = (await ensemble.predict(many, { topK: 5 })).map(coded)
    const compare = (answers: readonly Prediction[]) => {
      for (const [i, { codes, confidence, text, top }] of answers.map(coded).entries()) {
        const other = expected[many.indexOf(text)]
        expect(Object.values(codes).map(({ code }) => code)).toEqual(
          Object.values(other?.codes ?? {}).map(({ code }) => code),
        )
        expect(Math.abs(confidence - (other?.confidence ?? -1)), `row ${i}`).toBeLessThan(1e-6)
        for (const [k, candidate] of top.entries())
          expect(Math.abs(candidate.confidence - (other?.top[k]?.confidence ?? -1))).toBeLessThan(1e-6)
      }
    }
    for (const batchSize of [1, 7, 256]) {
      const predictor = await loadPredictor(packed, { batchSize, runtime: threadRuntime(2) })
      compare(await predictor.predict(many, { topK: 5 }))
      compare(await predictor.predict(many.toReversed(), { topK: 5 }))
      await predictor.dispose()
    }
  })

  it('reads shared files through any reader', async () => {
    const { name, read } = filesIn(packed)
    const predictor = await loadPredictor({ name, read })
    expect(await predictor.predict(texts)).toEqual(await ensemble.predict(texts))
    await predictor.dispose()
  })
})
