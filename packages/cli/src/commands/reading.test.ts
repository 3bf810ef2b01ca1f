import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { fakeIo } from '../__fixtures__/fake-io.ts'
import { shortTexts } from '../default-classification.ts'
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

const LONG =
  '새벽부터 저녁까지 비닐하우스에서 그리고 오늘도 어제와 같은 곳에서 같은 일을 하였으며 내일도 같은 일을 할 예정이라고 하였음'

it.each<['words' | 'characters', string, string[]]>([
  ['characters', '쌀 재배', []],
  ['words', `쌀 재배 ${LONG}`, []],
  ['words', 'growing rice', []],
  ['words', '쌀 재배', ['--reading', 'words']],
  ['characters', 'growing rice', ['--reading', 'characters']],
])('%s for texts such as %s %j', async (reading, text, options) => {
  const [data, output] = [at('rows.csv'), at(`chosen-${reading}-${text.length}-${options.length}`)]
  await writeFile(
    data,
    `text,label\n${Array.from({ length: 40 }, (_, i) => `${text} ${i},${i % 2}\n`).join('')}`,
  )
  const sizes = '--hidden 8 --layers 1 --vocabulary 300 --epochs 1 --batch-size 16 --engine compiled'.split(
    ' ',
  )
  const said = { words: 'reading: words', characters: `reading: characters (${shortTexts})` }
  const { code, err } = await kic('train', data, '-o', output, ...sizes, ...options)
  expect([code, err.match(/^reading: .*$/m)?.[0]]).toEqual([
    0,
    options.length === 0 ? said[reading] : undefined,
  ])
  const record = await json(output.slice(folder.length + 1), 'run.json')
  expect(record.config.encoder).toMatchObject({ reading, hidden: 8 })
})

it('pretrains and searches with the reading that training would have', async () => {
  const sizes = '--hidden 8 --epochs 1 --engine compiled'.split(' ')
  const tapt = await kic('tapt', at('answers.tsv'), '-o', at('chosen'), ...sizes)
  expect([tapt.code, tapt.err]).toEqual([0, expect.stringContaining(`reading: characters (${shortTexts})`)])
  expect(await json('chosen', 'config.json')).toHaveProperty('ngram_sizes')
  await writeFile(at('space.json'), '{ "batchSize": [16] }')
  const best = ['-o', at('best.json'), '--space', at('space.json'), '--trials', '1']
  expect(await kic('search', at('answers.tsv'), ...best, ...sizes)).toMatchObject({ code: 0 })
  expect((await json('best.json')).encoder.reading).toBe('characters')
})

it('an encoder in a config keeps its reading, and a file without one gets the choice', async () => {
  const config = async (content: object) => {
    await writeFile(
      at('some.json'),
      JSON.stringify({ epochs: 1, batchSize: 16, export: ['float32'], ...content }),
    )
    const given = [
      '-o',
      at('configured'),
      '--config',
      at('some.json'),
      '--engine',
      'compiled',
      '--hidden',
      '8',
    ]
    expect(await kic('train', at('answers.tsv'), ...given)).toMatchObject({ code: 0 })
    return (await json('configured', 'run.json')).config.encoder.reading
  }
  expect(await config({ encoder: { hidden: 16 } })).toBe('words')
  expect(await config({})).toBe('characters')
})

it('refuses heads that divide no default size, and those that do not divide the chosen one', async () => {
  const train = ['train', at('answers.tsv'), '-o', at('none'), '--heads']
  expect((await kic(...train, '3')).err).toContain('received 160 and 3')
  expect((await kic(...train, '5')).err).toContain('received 128 and 5')
})

it('refuses a hidden size that the heads do not divide, by the reading’s own sizes', async () => {
  const args = ['train', at('answers.tsv'), '-o', at('none'), '--reading', 'characters', '--heads', '3']
  const { code, err } = await kic(...args)
  expect([code, err]).toEqual([1, expect.stringContaining('received 128 and 3')])
})
