import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { formatDuration } from '@kic/core'
import { expect, it } from 'vitest'
import { harmless, type StepEvent, type TrainCallbacks } from './callbacks.ts'
import { jsonLines } from './json-lines.ts'
import { progress } from './progress.ts'

const TOTAL = 40
const stepEvent = (step: number, totalSteps = TOTAL): StepEvent => ({
  step,
  totalSteps,
  epoch: step / 10,
  loss: 2,
  gradNorm: 1,
  learningRate: 1e-3,
  examples: 32,
  seconds: step === 1 ? 60 : 0.5,
  outputs: [],
})
const evaluation = { step: 40, epoch: 4, metrics: { macroF1: 0.61234 }, best: null, isBest: true, seconds: 1 }

const play = async (callbacks: TrainCallbacks): Promise<void> => {
  await callbacks.onStart?.({ step: 0, totalSteps: TOTAL, epoch: 0 })
  for (let step = 1; step <= TOTAL; step++) await callbacks.onStep?.(stepEvent(step))
  await callbacks.onEvaluateStart?.({ step: TOTAL })
  await callbacks.onEvaluate?.(evaluation)
  await callbacks.onEnd?.({ step: TOTAL, epoch: 4, stopped: 'finished' })
}
const sink = (isTTY: boolean) => {
  const written: string[] = []
  const stream = new Writable({
    write: (chunk, _, done) => {
      written.push(String(chunk))
      done()
    },
  })
  // What cli-progress asks of a terminal.
  const terminal = {
    isTTY,
    cursorTo: () => true,
    clearLine: () => true,
    moveCursor: () => true,
    columns: 200,
  }
  return { stream: Object.assign(stream, terminal), text: () => written.join('') }
}

it('writes plain lines without a terminal, for each tenth of the run and each evaluation', async () => {
  const { stream, text } = sink(false)
  await play(progress({ label: 'group 1', stream }))
  const lines = text().trim().split('\n')
  expect(lines[0]).toBe('group 1: 40 steps')
  expect(lines).toHaveLength(1 + 10 + 1)
  // The first step, which took a minute to compile, is not reckoned with: 36 steps of half a second are left.
  expect(lines[1]).toBe('group 1: step 4/40, epoch 0.40, loss 2.0000, 64 examples/s, 18s left')
  expect(lines.at(-1)).toBe('group 1: step 40: macroF1 0.6123 (best)')
})

it('updates a changing label', async () => {
  for (const isTTY of [false, true]) {
    const { stream, text } = sink(isTTY)
    let asked = 0
    const watching = progress({ label: () => `asked ${++asked} times`, stream })
    await watching.onStart?.({ step: 0, totalSteps: TOTAL, epoch: 0 })
    await watching.onStep?.(stepEvent(4))
    await new Promise((resolve) => setTimeout(resolve, 250))
    await watching.onEnd?.({ step: 4, epoch: 2, stopped: 'finished' })
    expect(text()).toMatch(/asked 1 times.*asked 2 times/s)
  }
})

it('draws a bar on a terminal, with loss, examples/s and time left', async () => {
  const { stream, text } = sink(true)
  const bar = progress({ label: 'group 1', stream })
  await bar.onStart?.({ step: 0, totalSteps: TOTAL, epoch: 0 })
  for (let step = 1; step <= 20; step++) await bar.onStep?.(stepEvent(step))
  await new Promise((resolve) => setTimeout(resolve, 450))
  await bar.onEnd?.({ step: 20, epoch: 2, stopped: 'aborted' })
  expect(text()).toMatch(/group 1 .* 20\/40 · loss 2\.0000 · 64 examples\/s · 10s left/)
})

it('logs JSON lines, also across a resume', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kic-lines-'))
  const path = join(folder, 'logs', 'run.jsonl')
  await play(jsonLines(path, { everySteps: 10 }))
  await play(jsonLines(path, { everySteps: 20 }))
  const lines: unknown[] = (await readFile(path, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(lines).toHaveLength(1 + 4 + 1 + 1 + (1 + 2 + 1 + 1))
  expect(lines[1]).toMatchObject({ event: 'step', step: 10, loss: 2, learningRate: 1e-3, examples: 32 })
  expect(lines[5]).toMatchObject({ event: 'evaluate', metrics: { macroF1: 0.61234 }, isBest: true })
  await rm(folder, { recursive: true })
})

it('reports a failing logger once, and does not throw', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kic-lines-'))
  await writeFile(join(folder, 'file'), '')
  const warnings: string[] = []
  await play(jsonLines(join(folder, 'file', 'run.jsonl'), { warn: (message) => warnings.push(message) }))
  expect(warnings).toHaveLength(1)
  expect(warnings[0]).toMatch(/jsonLines .* failed and is disabled/)
  let calls = 0
  const onStep = async (): Promise<void> => {
    calls++
    throw new Error('no network')
  }
  await play(harmless('tracker', { onStep }, (message) => warnings.push(message)))
  expect(calls).toBe(1)
  expect(warnings[1]).toContain('no network')
  await rm(folder, { recursive: true })
})

it('formats durations', () => {
  expect([0.4, 45, 200, 18_420, Number.POSITIVE_INFINITY].map(formatDuration)).toEqual([
    '0s',
    '45s',
    '3m20s',
    '5h07m',
    '?',
  ])
})
