import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { fakeIo } from '../__fixtures__/fake-io.ts'
import { run } from '../run.ts'

let folder: string
let file: string
const topics = { sport: 'striker goal league', politics: 'senate vote treaty' }
const rows = Array.from({ length: 160 }, (_, i) => {
  const [label = '', words = ''] = Object.entries(topics)[i % 2] ?? []
  return `${words.split(' ')[(i * 7) % 3]} on day ${i}\t${label}`
})
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-search-'))
  file = join(folder, 'news.tsv')
  await writeFile(file, `text\tlabel\n${rows.join('\n')}\n`)
})
afterAll(() => rm(folder, { recursive: true }))

const kic = async (args: readonly string[], signal?: AbortSignal) => {
  const io = fakeIo(signal && { signal })
  const code = await run(args, io)
  return { code, out: io.printed(), err: io.told() }
}

it('kic search finds a config, resumes, and kic train --config trains it', async () => {
  const [output, space] = [join(folder, 'best.json'), join(folder, 'space.json')]
  await writeFile(space, JSON.stringify({ learningRate: [1e-7, 2e-2], batchSize: [8, 16] }))
  const sizes = '--reading words --hidden 16 --layers 1 --vocabulary 120 --epochs 3 --engine compiled'.split(
    ' ',
  )
  const command = ['search', file, '-o', output, '--space', space, '--trials', '3', ...sizes]
  const controller = new AbortController()
  const io = fakeIo({ signal: controller.signal })
  const interrupted = await run(command, {
    ...io,
    err: (text) => (text.startsWith('trial 2 of 3') ? controller.abort() : undefined),
  })
  expect([interrupted, (await readdir(folder)).includes('best.json.search')]).toEqual([130, true])
  const { code, out, err } = await kic(command)
  expect([code, err.includes('trial 1 of 3: step 1/')]).toEqual([0, false])
  expect(out).toMatch(/^trial +learningRate +batchSize +epochs +accuracy\n\d +0\.02 .*saved in .*best\.json/s)
  expect((await readdir(folder)).sort()).toEqual(['best.json', 'news.tsv', 'space.json'])
  const best = JSON.parse(await readFile(output, 'utf8'))
  expect(best).toMatchObject({
    source: { files: [file] },
    epochs: 3,
    learningRate: 2e-2,
    encoder: { hidden: 16 },
  })
  const trained = await kic(['train', '-o', join(folder, 'best'), '--config', output, '--json'])
  expect([trained.code, JSON.parse(trained.out).levels.label.accuracy]).toEqual([0, 1])
}, 60_000)

it('refuses a space that is no JSON', async () => {
  const refused = await kic(['search', file, '-o', join(folder, 'x.json'), '--space', file])
  expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('cli/space') })
})

it('does not write over a file that it reads', async () => {
  const other = join(folder, 'other.json')
  await writeFile(other, '{}')
  for (const option of ['--space', '--config', '--validation', '--unlabelled'])
    expect(await kic(['search', file, '-o', other, option, other]), option).toMatchObject({
      code: 1,
      err: expect.stringContaining('it is also an input, which would be lost'),
    })
  expect(await readFile(other, 'utf8')).toBe('{}')
})
