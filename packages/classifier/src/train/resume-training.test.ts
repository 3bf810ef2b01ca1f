import { spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { newsRows } from '../__fixtures__/news.ts'
import { newsTraining } from '../__fixtures__/news-training.ts'
import { trainClassifier } from './train-classifier.ts'

const rows = newsRows(240, 1)
const options = { ...newsTraining, evaluate: { best: { metric: 'loss', mode: 'min' as const } } }

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-resume-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** Trains in another process and kills it at a step; its signal. */
const killedAt = (step: number, output: string): Promise<NodeJS.Signals | null> =>
  new Promise((resolve, reject) => {
    const program = join(import.meta.dirname, '../__fixtures__/training-process.ts')
    const child = spawn(process.execPath, ['--conditions=@kic/source', '--import', 'tsx', program, output])
    let errors = ''
    child.stderr.on('data', (data) => {
      errors += data
    })
    child.stdout.on('data', (data) => {
      if (String(data).includes(`step ${step}\n`)) child.kill('SIGKILL')
    })
    child.on('exit', (code, signal) =>
      signal === null ? reject(new Error(`${code} ${errors}`)) : resolve(signal),
    )
  })

it('a training that was killed is resumed by the same call and ends with the same bits', async () => {
  const [output, undisturbed] = [join(folder, 'killed'), join(folder, 'undisturbed')]
  // Three epochs of 14 steps, and some of the fourth, which is lost.
  expect(await killedAt(46, output)).toBe('SIGKILL')
  expect(await readdir(folder)).toEqual(['killed.training'])
  const started: number[] = []
  await trainClassifier(rows, {
    ...options,
    output,
    callbacks: [{ onStart: ({ step }) => void started.push(step) }],
  })
  expect(started).toEqual([42])
  expect(await readdir(folder)).toEqual(['killed'])
  await trainClassifier(rows, { ...options, output: undisturbed })
  for (const file of ['model.safetensors', 'onnx/model_quantized.onnx', 'kic.json', 'tokenizer.json']) {
    const [a, b] = await Promise.all([output, undisturbed].map((at) => readFile(join(at, file))))
    expect(a?.equals(b ?? Buffer.alloc(0)), file).toBe(true)
  }
}, 120_000)

it('what fails after the last step is done again without training again', async () => {
  const output = join(folder, 'full-disk')
  const files = () => Promise.reject(new Error('disk full'))
  await expect(trainClassifier(rows, { ...options, output, files })).rejects.toThrow('disk full')
  expect(await readdir(folder)).not.toContain('full-disk')
  let steps = 0
  const { parameters } = await trainClassifier(rows, {
    ...options,
    output,
    callbacks: [{ onStep: () => void steps++ }],
  })
  expect(steps).toBe(0)
  const record = JSON.parse(await readFile(join(folder, 'undisturbed', 'run.json'), 'utf8'))
  expect(parameters).toBe(record.result.parameters)
})

it('refuses to resume with another config or other rows, unless it may start over', async () => {
  const output = join(folder, 'aborted')
  const controller = new AbortController()
  const aborted = trainClassifier(rows, {
    ...options,
    output,
    signal: controller.signal,
    callbacks: [{ onStep: ({ step }) => (step === 3 ? controller.abort(new Error('enough')) : undefined) }],
  })
  await expect(aborted).rejects.toThrow('enough')
  await expect(trainClassifier(rows, { ...options, output, epochs: 9 })).rejects.toMatchObject({
    code: 'classifier/other-training',
    message: expect.stringContaining('another epochs (8, now 9)'),
  })
  await expect(trainClassifier(rows.slice(1), { ...options, output })).rejects.toMatchObject({
    code: 'classifier/other-training',
    message: expect.stringContaining('other rows (240, now 239)'),
  })
  const started: number[] = []
  const onStart = ({ step }: { step: number }) => void started.push(step)
  await trainClassifier(rows.slice(1), {
    ...options,
    output,
    epochs: 1,
    restart: true,
    callbacks: [{ onStart }],
  })
  expect(started).toEqual([0])
})

it('refuses to resume with another model to start from at the same place', async () => {
  const [from, output] = [join(folder, 'start'), join(folder, 'continued')]
  const short = { ...options, epochs: 1, export: ['float32' as const] }
  await trainClassifier(rows, { ...short, output: from })
  const files = () => Promise.reject(new Error('disk full'))
  await expect(trainClassifier(rows, { ...short, from, output, files })).rejects.toThrow('disk full')
  // Calibration and report are no part of what training starts from.
  await Promise.all(['kic.json', 'report.json', 'run.json'].map((name) => rm(join(from, name))))
  await expect(trainClassifier(rows, { ...short, from, output, files })).rejects.toThrow('disk full')
  await trainClassifier(rows, { ...short, output: from, seed: 2 })
  await expect(trainClassifier(rows, { ...short, from, output })).rejects.toMatchObject({
    code: 'classifier/other-training',
    message: expect.stringContaining(`other files in the model to start from ("${from}")`),
  })
})
