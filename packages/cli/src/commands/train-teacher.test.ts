import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { fakeIo } from '../__fixtures__/fake-io.ts'
import { run } from '../run.ts'

let folder: string
const at = (name: string) => join(folder, name)
const trades = [
  ['952', '카센터에서 정비'],
  ['561', '음식점에서 조리'],
  ['011', '논에서 재배'],
] as const
const rowsOf = (count: number, first: number) =>
  Array.from({ length: count }, (_, i) => {
    const [code, words] = trades[i % 3] ?? trades[0]
    return { code, text: `${words} ${['오전', '오후', '매일', '주말'][i % 4]} ${first + i}` }
  })
const labelled = (rows: readonly { readonly code: string; readonly text: string }[]) =>
  `text\tgroup\n${rows.map(({ text, code }) => `${text}\t${code}`).join('\n')}\n`

const kic = async (...args: string[]) => {
  const io = fakeIo()
  const code = await run(args, io)
  return { code, out: io.printed(), err: io.told() }
}
const pace = '--hidden 16 --layers 1 --learning-rate 0.01 --batch-size 16 --epochs 4 --engine compiled'.split(
  ' ',
)
const codesOf = async (model: string) => {
  const { out } = await kic('predict', '--json', '-m', at(model), '-i', at('judged.tsv'))
  return out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).codes.group.code)
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-teacher-'))
  const texts = rowsOf(240, 1000).map(({ text }) => text)
  await writeFile(at('coded.tsv'), labelled(rowsOf(240, 0)))
  await writeFile(at('judged.tsv'), labelled(rowsOf(60, 5000)))
  await writeFile(at('texts.csv'), `text,source\n${texts.map((text) => `${text},survey`).join('\n')}\n,\n`)
  // A teacher that takes cars for restaurants, so that nobody else can tell its answers.
  const wrong = rowsOf(240, 0).map(({ text, code }) => ({ text, code: code === '952' ? '561' : code }))
  const swapped = wrong.map((row, i) => (i % 3 === 1 ? { ...row, code: '952' } : row))
  await writeFile(at('swapped.tsv'), labelled(swapped))
  const { code, err } = await kic('train', at('swapped.tsv'), '-o', at('teacher'), ...pace)
  expect([code, err]).toEqual([0, expect.not.stringContaining('error')])
  const created = await kic('ensemble', 'create', at('teacher'), at('teacher/baseline'), '-o', at('ensemble'))
  expect(created).toMatchObject({ code: 0 })
}, 120_000)
afterAll(() => rm(folder, { recursive: true }))

it('learns from an ensemble on texts without labels alone', async () => {
  const args = [
    '--teacher',
    at('ensemble'),
    '--unlabelled',
    at('texts.csv'),
    '--validation',
    at('judged.tsv'),
  ]
  const { code, err } = await kic('train', '-o', at('small'), ...args, '--reading', 'characters', ...pace)
  expect([code, err]).toEqual([
    0,
    expect.stringContaining('240 texts without labels to learn from the teacher'),
  ])
  const expected = rowsOf(60, 5000).map((_, i) => ['561', '952', '011'][i % 3])
  expect(await codesOf('ensemble')).toEqual(expected)
  const agreed = (await codesOf('small')).filter((found, i) => found === expected[i]).length
  expect(agreed / 60).toBeGreaterThan(0.9)
  const record = JSON.parse(await readFile(join(at('small'), 'run.json'), 'utf8'))
  expect(record.config).toMatchObject({ teacher: at('ensemble'), source: { unlabelled: [at('texts.csv')] } })
  const again = await kic('train', '-o', at('again'), '--config', join(at('small'), 'run.json'))
  expect([again.code, again.err]).toEqual([0, expect.stringContaining('bit-identical')])
}, 120_000)

it('learns from labels and teacher, with R-Drop, by weight and temperature', async () => {
  const taught = ['--teacher', at('teacher'), '--unlabelled', at('texts.csv'), '--temperature', '1']
  const args = [at('coded.tsv'), '-o', at('both'), ...taught, '--loss', 'r-drop', ...pace]
  expect(await kic('train', ...args, '--teacher-weight', '0.95')).toMatchObject({ code: 0 })
  expect((await codesOf('both')).slice(0, 3)).toEqual(['561', '952', '011'])
  expect(await kic('train', ...args, '--teacher-weight', '0')).toMatchObject({ code: 0 })
  expect((await codesOf('both')).slice(0, 3)).toEqual(['952', '561', '011'])
}, 120_000)

it('that was interrupted is resumed by the same command, and leaves the same bits', async () => {
  const taught = ['--teacher', at('ensemble'), '--unlabelled', at('texts.csv')]
  const command = ['train', at('coded.tsv'), '-o', at('interrupted'), ...taught, ...pace]
  const controller = new AbortController()
  const io = fakeIo({ signal: controller.signal })
  const err = (text: string) => (text.includes('epoch 2.') ? controller.abort() : undefined)
  expect(await run(command, { ...io, err })).toBe(130)
  expect(await readdir(join(at('interrupted.training'), 'teacher'))).toEqual(['0.safetensors'])
  const resumed = await kic(...command)
  expect([resumed.code, resumed.err]).toEqual([0, expect.stringMatching(/resumed at step \d+ of 116/)])
  const undisturbed = ['train', at('coded.tsv'), '-o', at('undisturbed'), ...taught, ...pace]
  expect(await kic(...undisturbed)).toMatchObject({ code: 0 })
  const weights = (of: string) => readFile(join(at(of), 'model.safetensors'))
  expect((await weights('interrupted')).equals(await weights('undisturbed'))).toBe(true)
}, 120_000)

it('refuses texts without a teacher or without rows that validate, and other classes', async () => {
  const texts = ['--unlabelled', at('texts.csv'), '-o', at('none')]
  expect(await kic('train', at('coded.tsv'), ...texts)).toMatchObject({
    code: 1,
    err: expect.stringContaining('classifier/teacher'),
  })
  const taught = [...texts, '--teacher', at('teacher')]
  expect(await kic('train', ...taught)).toMatchObject({
    code: 1,
    err: expect.stringContaining('Give some with --validation. (cli/no-labels)'),
  })
  expect((await kic('train', ...taught, '--generated', '100')).err).toContain('--generated is for training')
  expect((await kic('train', at('coded.tsv'), ...taught, '--teacher-weight', '2')).code).toBe(2)
  expect((await kic('train', at('coded.tsv'), '-o', at('none'), '--temperature', '2')).err).toContain(
    'need a teacher',
  )
  await writeFile(at('sown.tsv'), labelled([...rowsOf(60, 0), { text: '바다에서 어업', code: '031' }]))
  expect(await kic('train', at('sown.tsv'), '-o', at('none'), '--teacher', at('teacher'))).toMatchObject({
    code: 1,
    err: expect.stringContaining("lacks the group '031'"),
  })
})
