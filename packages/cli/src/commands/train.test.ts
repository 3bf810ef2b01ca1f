import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { fakeIo } from '../__fixtures__/fake-io.ts'
import { run } from '../run.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-train-'))
})
afterAll(() => rm(folder, { recursive: true }))

const kic = async (...args: string[]) => {
  const io = fakeIo()
  const code = await run(args, io)
  return { code, out: io.printed(), err: io.told() }
}

/** Answers whose group follows from their second word. */
const trades = [
  ['952', '카센터에서 정비'],
  ['561', '음식점에서 조리'],
  ['011', '논에서 재배'],
] as const
const answers = Array.from({ length: 240 }, (_, i) => {
  const [code, words] = trades[i % 3] ?? trades[0]
  return `${words} ${['오전', '오후', '매일', '주말'][i % 4]} ${i}\t${code}`
})
const sizes = [
  '--hidden',
  '32',
  '--layers',
  '1',
  '--vocabulary',
  '120',
  '--learning-rate',
  '0.01',
  '--batch-size',
  '16',
]

it('pretrains, trains on that, calibrates, and predicts what was learned', async () => {
  const file = join(folder, 'answers.tsv')
  await writeFile(file, `text\tgroup\n${answers.join('\n')}\n`)
  const pretrained = join(folder, 'pretrained')
  const tapt = await kic('tapt', file, '-o', pretrained, '--epochs', '2', '--json', ...sizes)
  expect([tapt.code, tapt.err.includes('error')]).toEqual([0, false])
  expect(JSON.parse(tapt.out)).toMatchObject({ folder: pretrained, texts: 228 })
  expect(JSON.parse(tapt.out).perplexity).toBeLessThan(100)

  const model = join(folder, 'model')
  const train = ['train', file, '-o', model, '--from', pretrained, '--epochs', '4', '--json', ...sizes]
  const { code, out, err } = await kic(...train)
  expect([code, err]).toEqual([0, expect.stringContaining('3 classes (group)')])
  const evaluation = JSON.parse(out)
  expect(evaluation.trainingRows + evaluation.rows).toBe(240)
  expect(evaluation.levels.group.accuracy).toBe(1)

  const predicted = await kic('predict', '--model', model, '--json', '카센터에서 정비 매일', '논에서 재배')
  expect(
    predicted.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).codes.group.code),
  ).toEqual(['952', '011'])
  const described = await kic('inspect', model)
  expect(described.out).toMatch(/calibrated +temperature .* rows of .*answers\.tsv, not learned from/)
})

it('refuses files without labels and options that mean nothing', async () => {
  const file = join(folder, 'bare.tsv')
  await writeFile(file, 'text\tgroup\n쌀\t\n')
  expect(await kic('train', file, '-o', join(folder, 'none'))).toMatchObject({
    code: 1,
    err: expect.stringContaining('cli/no-labels'),
  })
  expect((await kic('train', file)).code).toBe(2)
  expect((await kic('train', file, '-o', 'x', '--epochs', '0')).code).toBe(2)
  expect(await kic('tapt', file, '-o', join(folder, 'none'))).toMatchObject({
    code: 1,
    err: expect.stringContaining('cli/few-rows'),
  })
})
