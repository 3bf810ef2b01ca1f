import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateRows, joinFields } from '@kic/data'
import { parseConfig } from '@kic/trainer'
import { expect, it } from 'vitest'
import { runConfig } from './run-config.ts'
import { trainRun } from './train-run.ts'

it('a saved run is repeated bit for bit from its run.json, and not on other data', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kic-train-'))
  const file = join(folder, 'config.json')
  const rows = join(folder, 'rows.tsv')
  const generated = Array.from(generateRows({ rows: 600, seed: 1 }))
  await writeFile(rows, generated.map((row) => `${joinFields(row)}\t${row.group}\n`).join(''))
  const config = {
    data: { source: rows },
    level: 'division',
    tokenizer: { vocabulary: 1000 },
    model: { hidden: 32, layers: 1, heads: 1 },
    training: { seed: 3, learningRate: 1e-3, epochs: 1, batches: { batchSize: 64 } },
  }
  await writeFile(file, JSON.stringify(config))
  const said: string[] = []
  const run = (from: string, to: string) =>
    trainRun({ file: from, output: join(folder, to), resume: false, say: (line) => void said.push(line) })
  expect(await run(file, 'first')).toBe(true)
  expect((await readdir(join(folder, 'first'))).sort()).toEqual([
    'checkpoints',
    'events',
    'log.jsonl',
    'model',
    'run.json',
  ])
  const record = join(folder, 'first', 'run.json')
  expect(await run(record, 'again')).toBe(true)
  expect(said.at(-1)).toBe(`bit-identical to ${record}`)
  expect(said.filter((line) => line.startsWith('since that run'))).toEqual([])
  const text = await readFile(record, 'utf8')
  await writeFile(record, text.replace('"seed": 3', '"seed": 4'))
  expect(await run(record, 'seed')).toBe(false)
  await writeFile(record, text)
  await appendFile(rows, '치킨전문점\t561\n')
  await expect(run(record, 'data')).rejects.toMatchObject({ code: 'trainer/other-data' })
  await rm(folder, { recursive: true })
}, 60_000)

it('the config that is documented is valid', async () => {
  const path = new URL('../../configs/small.json', import.meta.url)
  expect(parseConfig(runConfig, JSON.parse(await readFile(path, 'utf8'))).training.epochs).toBe(2)
})
