import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { contentBytes, defined } from '@kic/core'
import { saveFiles } from '@kic/core/node'
import { type Engine, selectEngine } from '@kic/engine'
import { nodeRuntime } from '@kic/predictor/node'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { newsRows } from '../__fixtures__/news.ts'
import { newsTraining } from '../__fixtures__/news-training.ts'
import { loadClassifier } from '../load-classifier.ts'
import { trainClassifier } from './train-classifier.ts'
import { type TrainInMemoryOptions, type TrainingStage, trainInMemory } from './train-in-memory.ts'

const encoder = { reading: 'characters', hidden: 16, maxLength: 64, ngramBuckets: 509 } as const
const { encoder: _, progress: __, engine: ___, ...shared } = { ...newsTraining, epochs: 2 }
const training: Pick<TrainInMemoryOptions, 'export'> & typeof shared & { readonly encoder: typeof encoder } =
  {
    ...shared,
    encoder,
    export: ['float32'],
  }
const rows = newsRows(240, 1)

let folder: string
let engine: Engine
let options: TrainInMemoryOptions
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-memory-'))
  engine = await selectEngine('compiled')
  options = { ...training, engine, runtime: await nodeRuntime() }
})
afterAll(async () => {
  engine.dispose()
  await rm(folder, { recursive: true })
})

it('trains the model of trainClassifier, file by file', async () => {
  const stages: TrainingStage[] = []
  const trained = await trainInMemory(rows, { ...options, onStage: (stage) => stages.push(stage) })
  expect(stages).toEqual(['vocabulary', 'training', 'files', 'calibration'])
  const output = join(folder, 'model')
  const { report } = await trainClassifier(rows, { ...newsTraining, ...training, engine, output })
  expect(trained.accuracy).toBe(report.levels.label?.accuracy)
  expect(trained.trainingRows).toBe(report.training.rows)
  expect(trained.validationRows).toBe(report.rows)
  expect(trained.stopped).toBe('finished')
  for (const [path, content] of trained.files) {
    // The card names the report, which is a file of trainClassifier alone.
    if (path === 'README.md') continue
    const saved = new Uint8Array(await readFile(join(output, path)))
    expect(Buffer.compare(saved, contentBytes(content)), path).toBe(0)
  }
  const others = ['report.json', 'run.json', 'baseline', 'training-texts.json']
  const names = (await readdir(output)).filter((name) => !others.includes(name))
  expect([...new Set(Array.from(trained.files.keys(), (path) => path.split('/')[0]))].sort()).toEqual(names)
})

it('keeps what was learned before it was stopped', async () => {
  const controller = new AbortController()
  const losses: number[] = []
  const callbacks = [
    {
      onStep: ({ loss }: { readonly loss: number }) => {
        if (losses.push(loss) === 3) controller.abort()
      },
    },
  ]
  const trained = await trainInMemory(rows, { ...options, callbacks, signal: controller.signal })
  expect(losses).toHaveLength(3)
  expect(trained.stopped).toBe('aborted')
  const path = join(folder, 'stopped')
  await saveFiles(path, trained.files)
  const classifier = await loadClassifier(path)
  const [answer] = await classifier.predict([defined(rows[0]).text])
  expect(answer?.status).toBe('coded')
  expect(classifier.info.calibration?.curve.rows).toBe(trained.validationRows)
  await classifier.dispose()
})

it('refuses rows of one class, and a model to start from', async () => {
  const same = rows.map(({ text }) => ({ text, label: 'sport' }))
  await expect(trainInMemory(same, options)).rejects.toMatchObject({ code: 'classifier/one-class' })
  const from: object = { from: folder }
  await expect(trainInMemory(rows, { ...options, ...from })).rejects.toMatchObject({
    code: 'classifier/scratch',
  })
})
