import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defined } from '@kic/core'
import { type Engine, selectEngine } from '@kic/engine'
import { loadSafetensors, saveSafetensors } from '@kic/safetensors/node'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { parityCases } from './cases/index.ts'
import { sequenceClassification } from './cases/sequence-classification.ts'
import { formatReport } from './format-report.ts'
import { coverageOf, findCases, runCase } from './run-parity.ts'

const fixtures = fileURLToPath(new URL('../../../packages/roberta/src/__fixtures__/', import.meta.url))
const BIAS = 'grad.classifier.out_proj.bias'

let engine: Engine
let folder = ''
beforeAll(async () => {
  engine = await selectEngine('cpu')
  folder = await mkdtemp(join(tmpdir(), 'kic-parity-'))
})
afterAll(async () => {
  engine.dispose()
  await rm(folder, { recursive: true })
})

it('finds cases and lists the covered ones', async () => {
  const found = await findCases(fixtures)
  expect(found.map((path) => path.slice(fixtures.length))).toEqual([
    '01-encoder',
    '02-sequence-classification',
    '03-masked-lm',
  ])
  expect(coverageOf('02-sequence-classification', parityCases)?.id).toBe('02')
  expect(coverageOf('0-unknown', parityCases)).toBeUndefined()
  await expect(findCases(folder)).rejects.toMatchObject({ code: 'parity/no-cases' })
})

it('passes on the reference, and fails on one entry of one gradient that differs', async () => {
  const path = join(folder, '02-sequence-classification')
  await cp(join(fixtures, '02-sequence-classification'), path, { recursive: true })
  const right = await runCase(path, sequenceClassification, engine)
  expect(right).toMatchObject({ pass: true, tensors: 43, failures: [] })
  expect(right.worstRatio).toBeGreaterThan(0)

  const { tensors } = await loadSafetensors(join(path, 'golden.safetensors'))
  const gradient = tensors[BIAS]
  if (gradient) gradient.data[3] = defined(gradient.data[3]) + 1e-4
  await saveSafetensors(join(path, 'golden.safetensors'), tensors)
  const wrong = await runCase(path, sequenceClassification, engine)
  expect(wrong.pass).toBe(false)
  expect(wrong.failures.map(({ tensor }) => tensor)).toEqual([BIAS])
  const report = formatReport([right, wrong], ['04-hierarchical-fusion'])
  expect(report).toMatch(
    /02-sequence-classification on cpu: grad\.classifier\.out_proj\.bias: .* at 3 of \[7\], expected/,
  )
  expect(report).toContain('04-hierarchical-fusion: not yet covered')

  await rm(join(path, 'model.safetensors'))
  expect(await runCase(path, sequenceClassification, engine)).toMatchObject({
    pass: false,
    error: expect.stringContaining('model.safetensors'),
  })
})

it('fails when a listed tensor is not computed', async () => {
  const path = join(fixtures, '02-sequence-classification')
  const empty = { id: '02', compute: async () => ({}) }
  const result = await runCase(path, empty, engine)
  expect(result).toMatchObject({ pass: false, worstRatio: Number.POSITIVE_INFINITY })
  expect(result.failures.length).toBe(43)
})
