import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Engine, selectEngine } from '@kic/engine'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { tinyLoss, tinyParams, tinyRows } from '../__fixtures__/tiny-task.ts'
import { tokenBatches, train } from '../index.ts'
import {
  checkSameData,
  dataFingerprint,
  describeMachine,
  differencesSince,
  loadRun,
  packageVersions,
  saveRun,
  tensorsDigest,
} from './run-record.ts'
import { configuredBatches, configuredTraining, parseConfig, trainingConfig } from './training-config.ts'

let folder = ''
let engine: Engine
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-runs-'))
  engine = await selectEngine('compiled')
})
afterAll(async () => {
  engine.dispose()
  await rm(folder, { recursive: true })
})

const least = { seed: 1, learningRate: 0.02, epochs: 1, batches: { batchSize: 16 } }
const parse = (value: unknown) => parseConfig(trainingConfig, value)

describe('trainingConfig', () => {
  it('fills in defaults, and parses its own result unchanged', () => {
    const config = parse(least)
    expect(config).toMatchObject({
      schedule: { kind: 'linear', warmupRatio: 0.1 },
      optimizer: { weightDecay: 0.01, maxGradNorm: 1 },
      batches: { dropLast: false, grouping: 'length' },
      checkpoints: { keepLast: 2 },
    })
    expect(parse(JSON.parse(JSON.stringify(config)))).toEqual(config)
  })

  it('refuses unknown keys at every depth, with their place', () => {
    const code = { code: 'trainer/config' }
    expect(() => parse({ ...least, learningrate: 1 })).toThrow(expect.objectContaining(code))
    expect(() => parse({ ...least, learningrate: 1 })).toThrow(/learningrate/)
    expect(() => parse({ ...least, batches: { batchSize: 8, bukket: 4 } })).toThrow(/batches.*bukket/)
    expect(() => parse({ ...least, schedule: { kind: 'linear', cycles: 2 } })).toThrow(/schedule.*cycles/)
    expect(() => parse({ ...least, optimizer: { lr: 1 } })).toThrow(/optimizer.*lr/)
    expect(() => parse({ ...least, evaluate: { best: { metric: 'f1', mode: 'up' } } })).toThrow(
      /evaluate.best.mode/,
    )
  })

  it('refuses contradictory and missing options', () => {
    expect(() => parse({ ...least, batches: { batchSize: 8, tokenBudget: 9 } })).toThrow(
      /either batchSize or/,
    )
    const { epochs: _, ...endless } = least
    expect(() => parse(endless)).toThrow(/epochs or maxSteps/)
    expect(() => parse({ ...least, seed: 'one', learningRate: -1 })).toThrow(/seed.*learningRate/)
    const balanced = parse({ ...least, batches: { batchSize: 8, classBalance: 1 } })
    expect(() => configuredBatches(balanced, {})).toThrow(/needs labels/)
  })

  it('becomes the options of train and tokenBatches', () => {
    const config = parse({
      ...least,
      frozen: ['embeddings', '/layer\\.[01]\\./'],
      optimizer: { weightDecay: 0.1, layerWise: { layers: 4, decay: 0.5 }, maxGradNorm: null },
      batches: { tokenBudget: 64, classBalance: 1 },
    })
    const { trainable, optimizer } = configuredTraining(config)
    expect(['embeddings.w', 'layer.1.w', 'layer.2.w'].map((name) => trainable?.(name))).toEqual([
      false,
      false,
      true,
    ])
    expect(optimizer.perParameter?.('layer.3.bias')).toEqual({ weightDecay: 0, learningRateScale: 0.5 })
    expect(optimizer).not.toHaveProperty('maxGradNorm')
    expect(optimizer.weightDecay).toBe(0.1)
    const batches = configuredBatches(config, { labels: [0, 0, 1] })
    expect(batches).toMatchObject({ tokenBudget: 64, seed: 1 })
    expect(Array.from(batches.weights ?? [])).toEqual([0.5, 0.5, 1])
  })
})

it('repeats a saved run bit for bit, and lists differences', async () => {
  const schema = z.strictObject({ rows: z.int(), training: trainingConfig })
  const run = async (config: z.output<typeof schema>) => {
    const rows = tinyRows(config.rows, 1)
    const result = await train({
      ...configuredTraining(config.training),
      engine,
      params: tinyParams(),
      loss: tinyLoss,
      batches: tokenBatches(rows, { ...configuredBatches(config.training, rows), padTokenId: 1 }),
    })
    const parameters = tensorsDigest(await result.params.read())
    result.params.dispose()
    const data = dataFingerprint(Array.from(rows.labels, (label, i) => `${label} ${rows.inputIds}[${i}]`))
    return { data, result: { parameters, steps: result.steps, metrics: {} } }
  }
  const path = join(folder, 'first', 'run.json')
  const written = join(folder, 'config.json')
  await writeFile(written, JSON.stringify({ rows: 60, training: least }))
  const { config } = await loadRun(written, schema)
  const packages = await packageVersions(['@kic/trainer', '@tensorflow/tfjs', 'not-installed'])
  expect(packages['@tensorflow/tfjs']).toMatch(/^4\./)
  expect(Object.keys(packages)).toEqual(['@kic/trainer', '@tensorflow/tfjs'])
  const here = { packages, machine: describeMachine(engine) }
  const first = await run(config)
  await saveRun(path, { config, ...here, ...first })
  const saved = await loadRun(path, schema)
  expect(saved.config).toEqual(config)
  expect(saved.record?.machine.node).toBe(process.version)
  const again = await run(saved.config)
  expect(again).toEqual({ data: saved.record?.data, result: saved.record?.result })
  const other = await run({ ...config, training: { ...config.training, seed: 2 } })
  expect(other.result.parameters).not.toBe(first.result.parameters)
  expect(() => checkSameData(first, again.data)).not.toThrow()
  expect(() => checkSameData(first, dataFingerprint(['a']))).toThrow(/60 rows .* received 1 /)
  expect(differencesSince(here, here)).toEqual([])
  const newer = {
    packages: { ...packages, '@kic/trainer': '9.0.0' },
    machine: { ...here.machine, cores: 64 },
  }
  expect(differencesSince(here, newer)).toEqual([
    expect.stringMatching(/^@kic\/trainer: .*, now 9\.0\.0$/),
    expect.stringMatching(/^cores: \d+, now 64$/),
  ])
  await writeFile(
    path,
    (await readFile(path, 'utf8')).replace('"rows": 60,\n    "training"', '"rowz": 60, "training"'),
  )
  await expect(loadRun(path, schema)).rejects.toThrow(/the config of .*rowz/)
  await writeFile(path, '{')
  await expect(loadRun(path, schema)).rejects.toMatchObject({ code: 'trainer/run-file' })
})

it('fingerprints distinguish rows and tensors', () => {
  expect(dataFingerprint(['ab', 'c'])).not.toEqual(dataFingerprint(['a', 'bc']))
  const { 'dense.weight': weight, ...rest } = tinyParams()
  if (weight === undefined) throw new Error('no weight')
  expect(tensorsDigest({ ...rest, 'dense.weight': weight })).toBe(tensorsDigest(tinyParams()))
  const flat = { ...weight, shape: [64] }
  expect(tensorsDigest({ ...rest, 'dense.weight': flat })).not.toBe(tensorsDigest(tinyParams()))
})
