import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ksic10 } from '@kic/classification/ksic'
import { loadPreparation, loadRows } from '@kic/data/node'
import { defaultPreparation, prepareRows } from '@kic/data/prepare'
import { selectEngine } from '@kic/engine'
import { loadPredictor } from '@kic/predictor/node'
import { maxTokens, meanHead, sequenceClassifier } from '@kic/roberta'
import { loadPretrained } from '@kic/roberta/node'
import { encodeUnpadded } from '@kic/tokenizer'
import { loadTokenizer } from '@kic/tokenizer/node'
import { createPredictor } from '@kic/trainer'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { fakeIo } from '../__fixtures__/fake-io.ts'
import { run } from '../run.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-prepared-'))
})
afterAll(() => rm(folder, { recursive: true }))

const kic = async (...args: string[]) => {
  const io = fakeIo()
  const code = await run(args, io)
  return { code, out: io.printed(), err: io.told() }
}

const trades = [
  ['952', '카센터에서 정비', '타이어'],
  ['561', '음식점에서 조리', '국수'],
  ['011', '논에서 재배', '쌀'],
] as const
const answers = Array.from({ length: 240 }, (_, i) => {
  const [code, words, thing] = trades[i % 3] ?? trades[0]
  const when = ['오전', '오후', '매일', '주말'][i % 4]
  // Every seventh answer says what another trade says, so that nothing is right in all cases.
  return { text: `${words} ${i % 7 === 0 ? '국수' : thing} ${when} ${i}`, code }
})
/** The same answers as a phone, a Mac or an office program writes them. */
const noisy = (text: string): string =>
  `${text.normalize('NFD').replaceAll(' ', '\u00a0\u200b ').replaceAll('에서', '\u200d에서')}\u3000`

const write = async (name: string, change: (text: string) => string, more = ''): Promise<string> => {
  const file = join(folder, name)
  const lines = answers.map(({ text, code }) => `${change(text)}\t${code}\n`)
  await writeFile(file, `text\tgroup\n${lines.join('')}${more}`)
  return file
}
const pace = '--learning-rate 0.004 --batch-size 16'.split(' ')
const sizes = [...'--reading words --hidden 32 --layers 1 --vocabulary 160'.split(' '), ...pace]

it('decomposed and composed texts train the same model, which knows as much saved as it knew in training', async () => {
  const files = {
    clean: await write('clean.tsv', (text) => text),
    noisy: await write('noisy.tsv', noisy, '\u3164\u200b\t011\n'),
  }
  const [clean, model] = [join(folder, 'clean'), join(folder, 'noisy')]
  const first = await kic('train', files.clean, '-o', clean, '--epochs', '2', '--json', ...sizes)
  const second = await kic('train', files.noisy, '-o', model, '--epochs', '2', '--json', ...sizes)
  expect(second.err).toContain('1 of 241 rows is left out: its text has no visible characters')
  const { model: _, training, baseline, ...evaluation } = JSON.parse(second.out)
  expect(JSON.parse(first.out)).toMatchObject({
    ...evaluation,
    training: { curve: training.curve, losses: training.losses },
    baseline: { scores: baseline.scores },
  })
  for (const file of [
    'model.safetensors',
    'onnx/model.onnx',
    'onnx/model_quantized.onnx',
    'tokenizer.json',
    'preparation.json',
  ]) {
    const [a, b] = await Promise.all([clean, model].map((at) => readFile(join(at, file))))
    expect(a?.equals(b ?? Buffer.alloc(0)), file).toBe(true)
  }

  // What training said of its validation rows is what the saved model reaches on them.
  const told = [...second.err.matchAll(/accuracy (\d\.\d+)/g)].at(-1)?.[1]
  expect(evaluation.levels.group.accuracy).toBeCloseTo(Number(told), 3)
  expect(evaluation.levels.group.accuracy).toBeLessThan(1)

  // The engine's logits of prepared texts are the predictor's of the raw texts in the file.
  expect(await loadPreparation(model)).toEqual(defaultPreparation)
  const read = await loadRows(files.noisy, { classification: ksic10 })
  const { rows } = prepareRows(read.rows)
  const { config, params } = await loadPretrained(model, { head: meanHead })
  const { logits } = sequenceClassifier(config, meanHead)
  const tokenizer = await loadTokenizer(model)
  const engine = await selectEngine('compiled')
  const learned = createPredictor({ engine, forward: logits, padTokenId: tokenizer.specialTokens.pad.id })
  const tokens = encodeUnpadded(
    tokenizer,
    rows.map(({ text }) => text),
    { maxLength: maxTokens(config), typeVocabSize: 1 },
  )
  const expected = await learned(engine.place(params), tokens)
  const predictor = await loadPredictor(model, { precision: 'float32' })
  const { logits: found, reasons } = await predictor.scores(answers.map(({ text }) => noisy(text)))
  expect(reasons.every((reason) => reason === undefined)).toBe(true)
  expect(found).toHaveLength(expected.logits.length)
  for (const [i, logit] of expected.logits.entries()) expect(found[i]).toBeCloseTo(logit, 4)
  await predictor.dispose()
  engine.dispose()
}, 120_000)

it('prepares texts as the initial model did, and warns if the model does not say how', async () => {
  const file = await write('more.tsv', (text) => text)
  const [pretrained, model] = [join(folder, 'pretrained'), join(folder, 'from')]
  const tapt = ['tapt', file, '-o', pretrained, '--epochs', '1', ...sizes]
  expect((await kic(...tapt)).code).toBe(0)
  expect(await loadPreparation(pretrained)).toEqual(defaultPreparation)
  const path = join(pretrained, 'preparation.json')
  const nfkc = { ...defaultPreparation, normalization: 'nfkc' }
  await writeFile(path, JSON.stringify(nfkc))
  const train = ['train', file, '-o', model, '--from', pretrained, '--epochs', '1', ...pace]
  const said = await kic(...train)
  expect([said.code, said.err.includes('preparation.json')]).toEqual([0, false])
  expect(await loadPreparation(model)).toEqual(nfkc)
  expect((await kic('inspect', model)).out).toMatch(/preparation +kic-text 1, NFKC/)

  await rm(path)
  expect((await kic(...train)).err).toContain(`${pretrained} has no preparation.json`)
  expect(await loadPreparation(model)).toEqual(defaultPreparation)
  await rm(join(model, 'preparation.json'))
  for (const command of [
    ['predict', '-m', model, '쌀'],
    ['evaluate', file, '-m', model],
    ['inspect', model],
  ])
    expect((await kic(...command)).err).toContain(`warning: ${model} has no preparation.json`)

  await writeFile(path, JSON.stringify({ ...nfkc, version: 2 }))
  expect(await kic(...train)).toMatchObject({ code: 1, err: expect.stringContaining('data/preparation') })
}, 120_000)
