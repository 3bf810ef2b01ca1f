import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { labelNumbers } from '@kic/classification'
import { joinFields } from '@kic/data'
import { selectEngine } from '@kic/engine'
import { generateRows } from '@kic/korean-answers'
import { sequenceClassifier } from '@kic/roberta'
import { loadHead, loadPretrained } from '@kic/roberta/node'
import { accuracy } from '@kic/scores'
import { loadTokenizer } from '@kic/tokenizer/node'
import { createPredictor, parseConfig } from '@kic/trainer'
import { expect, it } from 'vitest'
import { loadTask } from '../load-task.ts'
import { tokenize } from '../tokenize.ts'
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

it.each(['standard', 'mean'] as const)(
  'a saved model has its head, %s, and predicts what it did in training',
  async (head) => {
    const folder = await mkdtemp(join(tmpdir(), 'kic-train-'))
    const rows = join(folder, 'rows.tsv')
    const generated = Array.from(generateRows({ rows: 600, seed: 1 }))
    await writeFile(rows, generated.map((row) => `${joinFields(row)}\t${row.group}\n`).join(''))
    const file = join(folder, 'config.json')
    const config = {
      data: { source: rows },
      level: 'section',
      tokenizer: { vocabulary: 500, maxLength: 16 },
      model: { hidden: 32, layers: 1, heads: 1, head },
      training: { seed: 3, learningRate: 5e-3, epochs: 2, batches: { batchSize: 64 } },
    }
    await writeFile(file, JSON.stringify(config))
    const output = join(folder, 'run')
    await trainRun({ file, output, resume: false, say: () => {} })
    const record: { result: { metrics: { accuracy: number } } } = JSON.parse(
      await readFile(join(output, 'run.json'), 'utf8'),
    )
    const saved: { architectures: string[]; kic?: { head?: string } } = JSON.parse(
      await readFile(join(output, 'model', 'config.json'), 'utf8'),
    )
    expect(saved.kic?.head ?? saved.architectures[0]).toBe(
      head === 'mean' ? 'mean' : 'RobertaForSequenceClassification',
    )
    // As kic export does: the head that the folder names.
    const [loaded, tokenizer] = [
      await loadPretrained(join(output, 'model'), { head: await loadHead(saved.kic?.head ?? 'standard') }),
      await loadTokenizer(join(output, 'model')),
    ]
    const model = sequenceClassifier(loaded.config, await loadHead(saved.kic?.head ?? 'standard'))
    const task = await loadTask({ name: 'again', ...runConfig.parse(config).data }, 1, rows)
    const engine = await selectEngine('compiled')
    const predict = createPredictor({ engine, forward: model.logits, padTokenId: loaded.config.pad_token_id })
    const params = engine.place(loaded.params)
    const labels = (await predict(params, tokenize(tokenizer, task.validation, 16))).labels()
    expect(accuracy(labels, labelNumbers(task.classification, 'section', task.validation))).toBeCloseTo(
      record.result.metrics.accuracy,
      6,
    )
    params.dispose()
    predict.dispose()
    engine.dispose()
    await rm(folder, { recursive: true })
  },
  60_000,
)

it('finds out before training that there is one class, or no folder for results', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kic-train-'))
  const file = join(folder, 'config.json')
  const rows = join(folder, 'rows.tsv')
  await writeFile(rows, Array.from({ length: 60 }, (_, i) => `${i}번 식당\t561\n`).join(''))
  const config = {
    data: { source: rows },
    training: { seed: 3, learningRate: 1e-3, epochs: 1, batches: { batchSize: 64 } },
  }
  await writeFile(file, JSON.stringify(config))
  const run = (output: string) => trainRun({ file, output, resume: false, say: () => {} })
  await expect(run(join(folder, 'run'))).rejects.toMatchObject({ code: 'example/too-few-classes' })
  await expect(run(file)).rejects.toMatchObject({ code: 'example/output' })
  await rm(folder, { recursive: true })
})

it('the config that is documented is valid', async () => {
  const path = new URL('../../configs/small.json', import.meta.url)
  expect(parseConfig(runConfig, JSON.parse(await readFile(path, 'utf8'))).training.epochs).toBe(2)
})
