import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { fakeIo } from '../__fixtures__/fake-io.ts'
import { run } from '../run.ts'

const TOPICS = {
  sport: ['the striker scored', 'the team won the league'],
  politics: ['the senate voted', 'the mayor vetoed the treaty'],
  science: ['the probe measured an orbit', 'chemists found an enzyme'],
}
const WHEN = ['on Monday', 'last week', 'in spring', 'again']
const rows = Array.from({ length: 240 }, (_, i) => {
  const [label = '', texts = []] = Object.entries(TOPICS)[i % 3] ?? []
  return { text: `${texts[i % 2]} ${WHEN[i % 4]} ${i}`, label }
})

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-own-'))
  const csv = (header: string): string =>
    [header, ...rows.map(({ text, label }) => `${text},${label}`), ''].join('\n')
  await writeFile(at('news.csv'), csv('text,label'))
  await writeFile(at('named.csv'), csv('Headline,Desk'))
  await writeFile(at('bare.tsv'), rows.map(({ text, label }) => `${text}\t${label}\n`).join(''))
  await writeFile(at('texts.csv'), `id,text\n${rows.map(({ text }, i) => `${i},${text}`).join('\n')}\n`)
})
afterAll(() => rm(folder, { recursive: true }))

const at = (name: string): string => join(folder, name)

/** All that the commands printed. */
const said: string[] = []
const kic = async (expected: number, ...args: string[]) => {
  const io = fakeIo()
  const code = await run(args, io)
  said.push(`$ kic ${args.join(' ')}`, io.printed(), io.told())
  expect([args, code, io.told()]).toEqual([args, expected, expect.anything()])
  return { out: io.printed(), err: io.told() }
}

/** What the bundled model and its classification are about. */
const FOREIGN = /[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]|ksic|korea|language: "?ko\b|business|industr/i

const sizes = '--hidden 32 --layers 1 --vocabulary 200 --batch-size 16 --learning-rate 0.01'.split(' ')

it('own English labels go the whole way without a word of the bundled classification', async () => {
  const [model, other] = [at('model'), at('other')]
  await kic(0, 'train', at('news.csv'), '-o', model, '--epochs', '4', '--keep-examples', ...sizes)
  const why = await kic(0, 'predict', '-m', model, 'the striker scored on Monday', '--explain')
  expect(why.out).toMatch(/\n {2}like\n {4}sport {2}\d\.\d\d {2}the striker scored on Monday \d/)
  const second = [
    'train',
    at('bare.tsv'),
    '-o',
    other,
    '--epochs',
    '3',
    '--seed',
    '2',
    '--folds',
    '2',
    ...sizes,
  ]
  expect((await kic(0, ...second)).err).toContain(
    "3 labels ('politics', 'science', 'sport') are read as your own labels",
  )
  await kic(0, 'tapt', at('news.csv'), '-o', at('pretrained'), '--epochs', '1', ...sizes)
  const names = ['--columns', 'text=Headline,label=Desk']
  await kic(
    0,
    'train',
    at('named.csv'),
    '-o',
    at('tuned'),
    '--from',
    at('pretrained'),
    '--epochs',
    '1',
    ...names,
  )
  await kic(0, 'search', at('news.csv'), '-o', at('best.json'), '--trials', '2', '--epochs', '1', ...sizes)

  expect((await kic(0, 'inspect', model)).out).toMatch(/^classes +3: politics, science, sport$/m)
  await kic(0, 'inspect', model, '--json')
  await kic(0, 'evaluate', at('bare.tsv'), '-m', model)
  await kic(0, 'evaluate', at('named.csv'), '-m', model, '--calibrate', '--allow-seen', ...names)
  const [sport, senate] = ['the striker scored on Monday', 'the senate voted again']
  expect((await kic(0, 'predict', '-m', model, sport)).out).toMatch(
    /^the striker.*\n {2}sport +[\d.]+ %\n {2}or\n/,
  )

  // What is exported anew answers as what was trained does.
  const labelOf = async (path: string, ...args: string[]) =>
    JSON.parse((await kic(0, 'predict', '-m', path, '--json', senate, ...args)).out).codes.label
  const before = await labelOf(model, '--precision', 'float32')
  for (const name of await readdir(join(model, 'onnx'))) await rm(join(model, 'onnx', name))
  await kic(1, 'predict', '-m', model, senate)
  await kic(0, 'export', model, '--format', 'float32', 'float16')
  expect(await labelOf(model, '--precision', 'float32')).toEqual(before)
  expect((await labelOf(model, '--precision', 'float16')).code).toBe('politics')
  await kic(0, 'export', model)
  const judged = JSON.parse((await kic(0, 'evaluate', at('news.csv'), '-m', model, '--json')).out)
  expect(judged.levels).toEqual({ label: expect.objectContaining({ rows: 240, accuracy: 1 }) })

  const ensemble = at('ensemble')
  const create = ['ensemble', 'create', model, other, '-o', ensemble, '--calibrate', at('bare.tsv')]
  expect((await kic(1, ...create)).err).toContain('(cli/seen-rows)')
  expect((await kic(0, ...create, '--allow-seen')).err).toMatch(/trained on 9\d\.\d % of these rows/)
  expect((await kic(1, 'calibrate', '-m', ensemble, '-i', at('bare.tsv'))).err).toContain('(cli/seen-rows)')
  await kic(0, 'inspect', ensemble)
  await kic(0, 'evaluate', at('news.csv'), '-m', ensemble)
  expect((await labelOf(ensemble)).code).toBe('politics')
  const coded = at('coded.csv')
  await kic(0, 'ensemble', 'vote', ensemble, '-i', at('texts.csv'), '-o', coded)
  const answers: Record<string, string>[] = parse(await readFile(coded, 'utf8'), { columns: true })
  expect(answers.map(({ label }) => label)).toEqual(rows.map(({ label }) => label))
  const again = ['predict', '-m', model, '-i', at('named.csv'), ...names, '--keep-columns']
  const labels: Record<string, string>[] = parse((await kic(0, ...again)).out, { columns: true })
  expect(labels.map(({ label }) => label)).toEqual(labels.map(({ Desk }) => Desk))

  await kic(1, 'evaluate', '-m', model)
  await kic(1, 'evaluate', at('texts.csv'), '-m', model)
  await kic(1, 'predict', '-m', model, '-i', at('named.csv'))
  await kic(1, 'inspect', at('texts.csv'))
  await kic(1, 'train', at('texts.csv'), '-o', at('none'))
  await kic(1, 'train', at('named.csv'), '-o', at('none'))
  await kic(1, 'train', at('news.csv'), '-o', at('none'), '--level', 'group')
  await kic(1, 'train', at('news.csv'), '-o', at('none'), '--labels', 'codes')

  expect(
    said
      .join('\n')
      .split('\n')
      .filter((line) => FOREIGN.test(line)),
  ).toEqual([])
  const written = await readdir(folder, { recursive: true, withFileTypes: true })
  const texts = written.filter(
    (file) => file.isFile() && !['.onnx', '.safetensors'].includes(extname(file.name)),
  )
  expect(texts.length).toBeGreaterThan(40)
  for (const { parentPath, name } of texts) {
    const path = join(parentPath, name)
    expect([path, FOREIGN.exec(await readFile(path, 'utf8'))?.[0]]).toEqual([path, undefined])
  }
}, 180_000)
