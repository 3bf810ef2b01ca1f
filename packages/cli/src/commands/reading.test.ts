import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
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

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-reading-'))
  const rows = Array.from({ length: 150 }, (_, i) => {
    const [code, words] = trades[i % 3] ?? trades[0]
    return `${words} ${['오전', '오후', '매일', '주말'][i % 4]} ${i}\t${code}`
  })
  await writeFile(at('answers.tsv'), `text\tgroup\n${rows.join('\n')}\n`)
})
afterAll(() => rm(folder, { recursive: true }))

const kic = async (...args: string[]) => {
  const io = fakeIo()
  const code = await run(args, io)
  return { code, out: io.printed(), err: io.told() }
}
const json = async (...path: string[]) => JSON.parse(await readFile(join(folder, ...path), 'utf8'))
const characters = '--reading characters --hidden 16 --epochs 1 --batch-size 16 --engine compiled'.split(' ')

it('pretrains and trains on characters and n-grams, whose sizes differ from those of words', async () => {
  const file = at('answers.tsv')
  expect(await kic('tapt', file, '-o', at('encoder'), ...characters)).toMatchObject({ code: 0 })
  const ngrams = { ngram_sizes: [1, 2, 3, 4], ngram_buckets: 131_071, num_hidden_layers: 1, hidden_size: 16 }
  expect(await json('encoder', 'config.json')).toMatchObject(ngrams)
  const from = ['--from', at('encoder'), '--epochs', '1', '--engine', 'compiled']
  expect(await kic('train', file, '-o', at('tuned'), ...from)).toMatchObject({ code: 0 })
  expect(await json('tuned', 'config.json')).toMatchObject({ ...ngrams, kic: { head: 'ngram' } })

  const config = { encoder: { hidden: 24, layers: 2 }, export: ['float32'] }
  await writeFile(at('config.json'), JSON.stringify(config))
  const again = ['-o', at('fresh'), '--config', at('config.json'), ...characters]
  expect(await kic('train', file, ...again)).toMatchObject({ code: 0 })
  expect((await json('fresh', 'run.json')).config.encoder).toMatchObject({
    reading: 'characters',
    hidden: 16,
    layers: 1,
    maxLength: 64,
  })
  const [spaced, joined] = [
    await kic('predict', '논 에 서 재배', '--model', at('fresh'), '--json'),
    await kic('predict', '논에서재배', '--model', at('fresh'), '--json'),
  ]
  const answer = ({ out }: { out: string }) => ({ ...JSON.parse(out), text: '' })
  expect(answer(spaced)).toEqual(answer(joined))
})

it('refuses a hidden size that the heads do not divide, by the reading’s own sizes', async () => {
  const args = ['train', at('answers.tsv'), '-o', at('none'), '--reading', 'characters', '--heads', '3']
  const { code, err } = await kic(...args)
  expect([code, err]).toEqual([1, expect.stringContaining('received 128 and 3')])
})
