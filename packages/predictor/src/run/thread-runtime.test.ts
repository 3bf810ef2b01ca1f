import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defined } from '@kic/core'
import { saveTinyModel } from '@kic/tool-tiny-models'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { filesIn, loadPredictor, threadRuntime } from '../node.ts'
import { SessionThread } from './session-thread.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-threads-'))
  await saveTinyModel(folder, undefined)
})
afterAll(() => rm(folder, { recursive: true }))

const inThreads = (threads?: number) => loadPredictor(folder, { runtime: threadRuntime(threads) })
const texts = Array.from({ length: 1000 }, (_, i) => `쌀 ${'국수 '.repeat(i % 7)}${i}`)

it('returns bit-identical answers to those of the calling thread', async () => {
  const [here, threads] = await Promise.all([loadPredictor(folder), inThreads(3)])
  expect(await threads.predict(texts)).toEqual(await here.predict(texts))
  const small = texts.slice(0, 5)
  expect((await threads.scores(small)).logits).toEqual((await here.scores(small)).logits)
  await Promise.all([here.dispose(), threads.dispose()])
})

it('aborts one call, and answers others', async () => {
  const predictor = await inThreads(2)
  const controller = new AbortController()
  const reason = new Error('enough')
  const ended = predictor.predict(texts, { signal: controller.signal })
  const other = predictor.predict(texts.slice(0, 100))
  setTimeout(() => controller.abort(reason), 1)
  await expect(ended).rejects.toBe(reason)
  expect(await other).toHaveLength(100)
  await predictor.dispose()
})

it('reports faults of weights and installation like the calling thread', async () => {
  const files = filesIn(folder)
  const broken = {
    name: 'broken',
    read: async (path: string) => (path.endsWith('.onnx') ? new Uint8Array(100) : files.read(path)),
  }
  await expect(loadPredictor(broken, { runtime: threadRuntime() })).rejects.toMatchObject({
    code: 'predictor/bad-weights',
  })
  const thread = new SessionThread(join(folder, 'not-installed'))
  await expect(thread.create(new Uint8Array(100), {})).rejects.toMatchObject({
    code: 'predictor/no-onnxruntime',
    message: expect.stringContaining('not-installed'),
  })
  await thread.end()
})

it('reports errors of ONNX Runtime, and continues', async () => {
  const runtime = threadRuntime(1)
  const session = await runtime.InferenceSession.create(
    await readFile(join(folder, 'onnx/model_quantized.onnx')),
  )
  const feed = (shape: readonly number[]) =>
    Object.fromEntries(
      session.inputNames.map((name) => [
        name,
        new runtime.Tensor('int64', new BigInt64Array(6).fill(1n), shape),
      ]),
    )
  await expect(session.run(feed([2, 7]))).rejects.toThrow()
  const outputs = await session.run(feed([2, 3]))
  expect(outputs[defined(session.outputNames[0])]?.dims).toEqual([2, 5])
  await session.release()
  await expect(session.run(feed([2, 3]))).rejects.toMatchObject({ code: 'predictor/thread-ended' })
})

it.each([0, -1, 1.5, Number.NaN, 257, 1e9])('refuses %s threads', (threads) => {
  expect(() => threadRuntime(threads)).toThrow(expect.objectContaining({ code: 'predictor/option' }))
})
