import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { saveCalibratedModel } from '../__fixtures__/calibrated-model.ts'
import { fakeIo } from '../__fixtures__/fake-io.ts'
import { run } from '../run.ts'

let folder: string
let model: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-record-'))
  model = join(folder, 'model')
  await saveCalibratedModel(model)
})
afterAll(() => rm(folder, { recursive: true }))

const predict = (args: readonly string[]) => run(['predict', '--model', model, ...args], fakeIo())

it('records what an auditor needs to have the same answers again', async () => {
  const input = join(folder, 'audited.csv')
  await writeFile(input, 'id,text\n1,쌀\n2,\n3,쌀 소매\n')
  const [output, record] = [join(folder, 'audited.out.csv'), join(folder, 'audited.record.json')]
  const args = ['-i', input, '-o', output, '--review-below', '0.6', '--record', record]
  const sha256 = async (path: string) =>
    createHash('sha256')
      .update(await readFile(path))
      .digest('hex')
  expect(await predict(args)).toBe(0)
  const first = JSON.parse(await readFile(record, 'utf8'))
  expect(first).toMatchObject({
    command: 'kic predict',
    version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    model: {
      id: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      kind: 'model',
      calibratedOn: 'forty rows',
    },
    preparation: { name: 'kic-text', version: 1 },
    options: { reviewBelow: 0.6 },
    inputs: [{ path: input, sha256: await sha256(input) }],
    output: { path: output, sha256: await sha256(output) },
    rows: { all: 3, unusable: 1 },
  })
  expect(first.started <= first.finished).toBe(true)
  expect(await predict(args)).toBe(0)
  const again = JSON.parse(await readFile(record, 'utf8'))
  expect({ ...again, started: first.started, finished: first.finished }).toEqual(first)
  for (const wrong of [
    ['쌀', '--record', record],
    ['-i', input, '--record', record],
    ['-i', input, '-o', output, '--record', output],
    ['-i', input, '-o', output, '--record', `${folder}/./audited.out.csv`],
  ])
    expect(await predict(wrong)).toBe(2)
  expect(await predict(['-i', input, '-o', output, '--record', input])).toBe(1)
  expect(await readFile(input, 'utf8')).toContain('쌀')
})
