import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ksic10, ksicScript } from '@kic/classification/ksic'
import { joinFields } from '@kic/data'
import { generateRows } from '@kic/korean-answers'
import { trainNgramModel } from '@kic/ngram'
import { saveNgramFolder } from '@kic/predictor/node'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { fakeIo } from '../__fixtures__/fake-io.ts'
import { run } from '../run.ts'

let folder: string
const at = (name: string): string => join(folder, name)
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-interrupted-'))
  const generated = (rows: number, seed: number) =>
    Array.from(generateRows({ rows, seed, repeats: 0, minPerGroup: 0 }), ({ group, ...fields }) => ({
      text: joinFields(fields),
      label: group,
    }))
  const model = trainNgramModel(generated(1000, 1), { model: 'naive-bayes' })
  await saveNgramFolder(at('model'), { model, notes: { classification: ksic10, script: ksicScript } })
  await cp(at('model'), at('other'), { recursive: true })
  const lines = generated(3000, 2).map(({ text, label }) => `${text}\t${label}\n`)
  // The row without a label is reported once all are read.
  await writeFile(at('rows.tsv'), `text\tgroup\n국수\t\n${lines.join('')}`)
})
afterAll(() => rm(folder, { recursive: true }))

/** Interrupted some milliseconds after the rows are read. */
const interrupted = async (after: number, ...args: string[]) => {
  const controller = new AbortController()
  const io = fakeIo({ signal: controller.signal })
  const err = (text: string): void => {
    io.err(text)
    if (text.includes('left out')) setTimeout(() => controller.abort(new Error('interrupted')), after)
  }
  const code = await run(args, { ...io, err })
  return { code, out: io.printed() }
}

it.each([
  ['evaluate', () => ['evaluate', at('rows.tsv'), '-m', at('model')]],
  ['evaluate --calibrate', () => ['evaluate', at('rows.tsv'), '-m', at('model'), '--calibrate']],
  ['calibrate', () => ['calibrate', '-m', at('model'), '-i', at('rows.tsv')]],
  [
    'ensemble create --calibrate',
    () => [
      ...['ensemble', 'create', at('model'), at('other'), '-o', at('ensemble')],
      ...['--calibrate', at('rows.tsv')],
    ],
  ],
])('an interrupted kic %s ends with 130, and writes nothing', async (_, args) => {
  const kept = await readFile(join(at('model'), 'kic.json'))
  const files = await readdir(folder)
  for (const after of [0, 60]) expect(await interrupted(after, ...args())).toEqual({ code: 130, out: '' })
  expect(await readFile(join(at('model'), 'kic.json'))).toEqual(kept)
  expect(await readdir(folder)).toEqual(files)
})
