import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { TrainCallbacks } from './callbacks.ts'
import { uploadWandbRun, wandb } from './wandb.ts'

let folder = ''
let server: Server | undefined
let warnings: string[] = []
const warn = (message: string): void => void warnings.push(message)
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-wandb-'))
  warnings = []
  vi.stubEnv('WANDB_API_KEY', 'k'.repeat(40))
  vi.stubEnv('WANDB_MODE', '')
})
afterEach(async () => {
  server?.closeAllConnections()
  server?.close()
  vi.unstubAllEnvs()
  await rm(folder, { recursive: true })
})

/** W&B's endpoints on loopback. Records the history rows and runs that the SDK sends. */
const listen = async (answers = true) => {
  const received: { rows: Record<string, number>[]; runs: unknown[]; exitCode?: number | undefined } = {
    rows: [],
    runs: [],
  }
  server = createServer((request, response) => {
    let body = ''
    request.on('data', (data) => {
      body += data
    })
    request.on('end', () => {
      const { operationName, variables, files, exitcode } = JSON.parse(body)
      if (operationName === 'UpsertBucket') received.runs.push(variables)
      for (const row of files?.['wandb-history.jsonl']?.content ?? []) received.rows.push(JSON.parse(row))
      if (exitcode !== undefined) received.exitCode = exitcode
      const data =
        operationName === 'Viewer'
          ? { viewer: { id: '1', entity: 'me' } }
          : answers
            ? { upsertBucket: { bucket: { id: 'x', displayName: 'n' }, inserted: true } }
            : null
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify(operationName === undefined ? {} : { data }))
    })
  })
  const port = await new Promise<number>((resolve) => {
    server?.listen(0, '127.0.0.1', () => {
      const address = server?.address()
      resolve(typeof address === 'object' && address !== null ? address.port : 0)
    })
  })
  vi.stubEnv('WANDB_BASE_URL', `http://127.0.0.1:${port}`)
  return received
}

const play = async (callbacks: TrainCallbacks, loss = 0.5): Promise<void> => {
  await callbacks.onStart?.({ step: 0, totalSteps: 3, epoch: 0 })
  for (let step = 1; step <= 3; step++) {
    const numbers = { gradNorm: 1, learningRate: 1e-3, examples: 32, seconds: 0.5, outputs: [] }
    await callbacks.onStep?.({ step, totalSteps: 3, epoch: step / 3, loss: loss / step, ...numbers })
  }
  const metrics = { macroF1: 0.75 }
  await callbacks.onEvaluate?.({ step: 3, epoch: 1, metrics, best: null, isBest: true, seconds: 1 })
  await callbacks.onEnd?.({ step: 3, epoch: 1, stopped: 'finished' })
}
const expected = [
  { 'train/step': 1, 'train/loss': 0.5, 'train/examplesPerSecond': 64 },
  { 'train/step': 2, 'train/loss': 0.25 },
  { 'train/step': 3 },
  { 'train/step': 3, 'evaluate/macroF1': 0.75 },
]

it('sends a run to W&B through its SDK', async () => {
  const received = await listen()
  await play(wandb({ project: 'ksic', name: 'first', id: 'abc', config: { learningRate: 1e-3 }, warn }))
  expect(warnings).toEqual([])
  expect(received.rows).toMatchObject(expected)
  expect(received.runs).toMatchObject([
    { name: 'abc', displayName: 'first', project: 'ksic', config: '{"learningRate":0.001}' },
  ])
  expect(received.exitCode).toBe(0)
})

it('stores a run offline without a network, and uploads it later', async () => {
  await play(wandb({ project: 'ksic', mode: 'offline', folder, warn }))
  expect(warnings).toEqual([])
  const [name = ''] = await readdir(folder)
  expect(name).toMatch(/^offline-run-[0-9a-f]{8}\.jsonl$/)
  // A killed run ends in half a line.
  await writeFile(join(folder, name), (await readFile(join(folder, name), 'utf8')).slice(0, -4))
  const received = await listen()
  await uploadWandbRun(join(folder, name))
  expect(received.rows).toMatchObject(expected)
  expect(received.runs).toHaveLength(1)
  expect(received.exitCode).toBe(1)
})

it('does not stop a run if W&B refuses it or is unreachable', async () => {
  await listen(false)
  await play(wandb({ project: 'ksic', finishSeconds: 5, warn }))
  expect(warnings).toHaveLength(1)
  expect(warnings[0]).toMatch(/wandb failed and is disabled.*W&B must accept the run/)
  vi.stubEnv('WANDB_BASE_URL', 'http://127.0.0.1:1')
  await play(wandb({ project: 'ksic', finishSeconds: 0.5, warn }))
  expect(warnings[1]).toMatch(/W&B must accept the run/)
})

it('refuses a file other than an offline run, with the line', async () => {
  const file = join(folder, 'x.jsonl')
  await writeFile(file, '{"scalars":{"a":1}}\n')
  await expect(uploadWandbRun(file)).rejects.toThrow(/must be of an offline run, received line 1 of /)
  await expect(uploadWandbRun(file)).rejects.toMatchObject({ code: 'trainer/wandb-file' })
})
