import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { saveTinyModel } from '../../../predictor/src/__fixtures__/tiny-model.ts'
import { fakeIo } from '../__fixtures__/fake-io.ts'
import { run } from '../run.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-ensemble-'))
  await saveTinyModel(join(folder, 'a'))
  // The same groups in another order: the same numbers mean other classes.
  await saveTinyModel(join(folder, 'b'), undefined, { 0: '952', 1: '951', 2: '561', 3: '453', 4: '011' })
  await saveTinyModel(join(folder, 'division'), undefined, { 0: '95', 1: '56', 2: '45', 3: '01' })
})
afterAll(() => rm(folder, { recursive: true }))

const kic = async (...args: string[]) => {
  const io = fakeIo()
  const code = await run(args, io)
  return { code, out: io.printed(), err: io.told() }
}
const lines = (out: string) =>
  out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))

it('lets models vote on the rows of a file, classes matched by code', async () => {
  const [a, b, division] = ['a', 'b', 'division'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ]
  const file = join(folder, 'ensemble.json')
  const created = await kic('ensemble', 'create', a, b, division, '-o', file)
  expect([created.code, created.out]).toEqual([0, 'a: group\nb: group\ndivision: division\n'])
  expect(
    JSON.parse(await readFile(file, 'utf8')).members.map(({ model }: { model: string }) => model),
  ).toEqual(['a', 'b', 'division'])

  const input = join(folder, 'rows.tsv')
  const texts = ['쌀', '타이어 오일 교환', '???', '국수 판매', '컴퓨터 수리']
  await writeFile(input, `id\ttext\n${texts.map((text, i) => `r${i}\t${text}`).join('\n')}\n`)
  const voted = await kic('ensemble', 'vote', file, '-i', input, '--json')
  expect([voted.code, voted.err]).toEqual([
    0,
    expect.stringContaining('5 rows: 4 coded, 0 to review, 1 unusable'),
  ])
  const answers = lines(voted.out)
  expect(answers.map(({ id, status }) => `${id} ${status}`)).toEqual([
    'r0 coded',
    'r1 coded',
    'r2 unusable',
    'r3 coded',
    'r4 coded',
  ])

  const of = async (model: string) =>
    lines((await kic('predict', '--model', model, '--json', '--top', '5', ...texts)).out)
  const [fromA, fromB] = [await of(a), await of(b)]
  for (const [i, { top, codes }] of answers.entries()) {
    if (top === undefined) continue
    const confidence = (rows: { top: { code: string; confidence: number }[] }[], code: string): number =>
      rows[i]?.top.find((candidate) => candidate.code === code)?.confidence ?? -1
    for (const { code, confidence: mean } of top)
      expect(mean).toBeCloseTo((confidence(fromA, code) + confidence(fromB, code)) / 2, 2)
    expect(codes.group.code.startsWith(codes.division.code)).toBe(true)
  }

  const output = join(folder, 'coded.csv')
  expect((await kic('ensemble', 'vote', file, '-i', input, '-o', output)).code).toBe(0)
  const table: Record<string, string>[] = parse(await readFile(output, 'utf8'), { columns: true })
  expect(table.map(({ group }) => group)).toEqual(answers.map(({ codes }) => codes?.group.code ?? ''))
})

it('refuses models of different classes, and files that are none', async () => {
  const other = join(folder, 'other')
  await saveTinyModel(other, undefined, { 0: '952', 1: '012' })
  const file = join(folder, 'none.json')
  const { code, err } = await kic('ensemble', 'create', join(folder, 'a'), other, '-o', file)
  expect([code, err]).toEqual([1, expect.stringContaining('cli/ensemble-classes')])
  expect(await kic('ensemble', 'vote', file, '-i', '-')).toMatchObject({
    code: 1,
    err: expect.stringContaining('ensemble/file'),
  })
})
