import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { inferenceContext } from '@kic/engine'
import { mergeLora, sequenceClassifier } from '@kic/roberta'
import { loadAdapter, loadHead, loadPretrained } from '@kic/roberta/node'
import * as tf from '@tensorflow/tfjs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newsRows } from '../__fixtures__/news.ts'
import { newsTraining } from '../__fixtures__/news-training.ts'
import { loadClassifier } from '../load-classifier.ts'
import { trainClassifier } from './train-classifier.ts'
import type { TrainClassifierOptions } from './train-options.ts'

let folder: string
let from: string
const rows = newsRows(240, 1)
const { encoder: _, ...shared } = newsTraining
/** Options of a training on the encoder, whose own head knows other names. */
const options = (output: string, more: Partial<TrainClassifierOptions> = {}): TrainClassifierOptions => ({
  ...shared,
  from,
  freshHead: true,
  lora: { rank: 4, targets: ['query', 'value', 'output'], dropout: 0.1 },
  export: ['float32'],
  baseline: false,
  output: join(folder, output),
  ...more,
})

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-lora-'))
  from = join(folder, 'base')
  await trainClassifier(newsRows(240, 2), { ...newsTraining, epochs: 2, output: from })
})
afterAll(() => rm(folder, { recursive: true }))

const adapted = /attention\.self\.(query|value)\.weight$|layer\.0\.output\.dense\.weight$/

describe('training with LoRA', () => {
  it.each(['mean', 'bilstm'])(
    'gives a merged model with the head %s that everything loads, and its adapters',
    async (name) => {
      const output = join(folder, name)
      const { report } = await trainClassifier(rows, options(name, { head: name }))
      expect(report.levels.label?.accuracy).toBeGreaterThan(0.8)
      expect(await readdir(join(output, 'adapter'))).toEqual([
        'adapter_config.json',
        'adapter_model.safetensors',
      ])

      const head = await loadHead(name)
      const base = await loadPretrained(from, { head: await loadHead('mean') })
      const saved = await loadPretrained(output, { head })
      for (const [key, { data }] of Object.entries(base.params)) {
        if (!key.startsWith('roberta.')) continue
        if (adapted.test(key)) expect(saved.params[key]?.data, key).not.toEqual(data)
        else expect(saved.params[key]?.data, key).toEqual(data)
      }

      // The adapters on the base model compute what the saved model does.
      const adapter = await loadAdapter(join(output, 'adapter'), { config: saved.config, head })
      expect(adapter.base).toBe(from)
      const whole = { ...base.params, ...adapter.params }
      expect(mergeLora(whole, adapter.lora)).toMatchObject(saved.params)
      const feeds = { input_ids: tf.tensor2d([[2, 9, 30, 17, 3]], [1, 5], 'int32') }
      const logits = (model: ReturnType<typeof sequenceClassifier>, params: typeof whole) =>
        tf.tidy(() => {
          const placed = Object.entries(params).map(([key, { data, shape }]) => [
            key,
            tf.tensor(data, [...shape]),
          ])
          return model.logits(Object.fromEntries(placed), feeds, inferenceContext).dataSync()
        })
      const beside = logits(sequenceClassifier(saved.config, head, { lora: adapter.lora }), whole)
      const merged = logits(sequenceClassifier(saved.config, head), saved.params)
      expect(Math.max(...Array.from(merged, (x, i) => Math.abs(x - (beside[i] ?? Number.NaN))))).toBeLessThan(
        1e-5,
      )

      const classifier = await loadClassifier(output)
      expect((await classifier.predict([rows[0]?.text ?? '']))[0]).toMatchObject({ status: 'coded' })
      await classifier.dispose()
    },
  )

  it('is interrupted and resumed without a difference', async () => {
    const controller = new AbortController()
    const onStep = ({ step }: { step: number }) =>
      step === 20 ? controller.abort(new Error('enough')) : undefined
    const interrupted = options('resumed', { epochs: 3 })
    await expect(
      trainClassifier(rows, { ...interrupted, signal: controller.signal, callbacks: [{ onStep }] }),
    ).rejects.toThrow('enough')
    const started: number[] = []
    await trainClassifier(rows, {
      ...interrupted,
      callbacks: [{ onStart: ({ step }) => void started.push(step) }],
    })
    expect(started).toEqual([20])
    await trainClassifier(rows, options('undisturbed', { epochs: 3 }))
    for (const file of [
      'model.safetensors',
      'adapter/adapter_model.safetensors',
      'adapter/adapter_config.json',
    ]) {
      const [a, b] = await Promise.all(
        ['resumed', 'undisturbed'].map((name) => readFile(join(folder, name, file))),
      )
      expect(a?.equals(b ?? Buffer.alloc(0)), file).toBe(true)
    }
  })

  it('tells what is trained and how much memory that takes', async () => {
    const progress = new PassThrough({ encoding: 'utf8' })
    const lora = { rank: 4 }
    await trainClassifier(
      rows,
      options('told', { lora, epochs: 1, learningRate: undefined, calibrate: false, progress }),
    )
    const text = String(progress.read())
    // One layer of hidden size 16: query and value have 2 · 4 · 16 each, and the head 16 · 16 + 16 and 16 · 3 + 3.
    expect(text).toMatch(
      /LoRA of rank 4, alpha 8, on query, value: 579 of \d,\d+ parameters are trained \(\d\.\d+ %\)/,
    )
    expect(text).toMatch(
      /besides activations: [\d.]+ KiB of parameters, 2.26 KiB of gradients, 4.52 KiB of moments; without LoRA: /,
    )
    expect(text).toContain('for LoRA on a pretrained encoder of hidden size 16')
  })

  it('counts as trained what frozen leaves of adapters and head', async () => {
    const progress = new PassThrough({ encoding: 'utf8' })
    const lora = { rank: 4 }
    await trainClassifier(
      rows,
      options('frozen', { lora, frozen: ['classifier'], epochs: 1, calibrate: false, progress }),
    )
    expect(String(progress.read())).toMatch(/on query, value: 256 of \d,\d+ parameters are trained/)
  })

  it('removes the adapters of an earlier model from its folder', async () => {
    const output = join(folder, 'again')
    await trainClassifier(rows, options('again', { epochs: 1 }))
    expect(await readdir(output)).toContain('adapter')
    await trainClassifier(rows, options('again', { epochs: 1, lora: undefined }))
    expect(await readdir(output)).not.toContain('adapter')
  })

  it('needs a model to start from, and a rank that its encoder can have', async () => {
    await expect(trainClassifier(rows, options('none', { from: undefined }))).rejects.toMatchObject({
      code: 'trainer/config',
      message: expect.stringContaining('lora: it needs a pretrained encoder in from'),
    })
    await expect(trainClassifier(rows, options('none', { lora: { rank: 17 } }))).rejects.toMatchObject({
      code: 'roberta/lora',
    })
  })
})
