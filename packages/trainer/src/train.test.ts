import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defined } from '@kic/core'
import { type Engine, selectEngine } from '@kic/engine'
import type { HostTensors } from '@kic/safetensors'
import { classificationScores } from '@kic/scores'
import * as tf from '@tensorflow/tfjs'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  CLASSES,
  distance,
  tinyBatches,
  tinyLogits,
  tinyLoss,
  tinyParams,
  tinyRows,
} from './__fixtures__/tiny-task.ts'
import { type BatchSource, createPredictor, type TrainOptions, train } from './index.ts'
import { folderCheckpoints } from './node.ts'

let engine: Engine
let folder = ''
beforeAll(async () => {
  engine = await selectEngine('compiled')
})
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-trainer-'))
})
afterEach(() => rm(folder, { recursive: true }))
afterAll(() => engine.dispose())

const rows = tinyRows(200, 1)
const base = (): TrainOptions => ({
  engine,
  params: tinyParams(),
  loss: tinyLoss,
  optimizer: { kind: 'adamw', maxGradNorm: 1 },
  learningRate: 0.02,
  schedule: { kind: 'linear', warmupSteps: 3 },
  batches: tinyBatches(rows, 5),
  epochs: 3,
  seed: 5,
})
const finalParams = async (options: TrainOptions): Promise<HostTensors> => {
  const result = await train(options)
  const params = Object.fromEntries(
    Object.entries(await result.params.read()).map(([name, t]) => [name, { ...t, data: t.data.slice() }]),
  )
  result.params.dispose()
  return params
}
/** Ends a run after this number of steps without a final checkpoint, like a kill. */
const killedAfter = (steps: number): Pick<TrainOptions, 'callbacks'> => ({
  callbacks: [
    {
      onStep: ({ step }) => {
        if (step === steps) throw new Error('killed')
      },
    },
  ],
})

describe('train', () => {
  it('learns, evaluates, keeps the best parameters, and does not change the given ones', async () => {
    const test = tinyRows(150, 2)
    const predictor = createPredictor({ engine, forward: tinyLogits, padTokenId: 1 })
    const options = { ...base(), epochs: 12 }
    const initial = tinyParams()
    const result = await train({
      ...options,
      evaluate: {
        run: async (params) => {
          const { macroF1, accuracy } = classificationScores(
            (await predictor(params, test)).labels(),
            test.labels,
          )
          return { macroF1, accuracy }
        },
        best: { metric: 'macroF1', mode: 'max' },
      },
    })
    expect(result.steps).toBe(12 * 13)
    expect(result.epochs.length).toBe(12)
    expect(result.epochs.at(-1)?.loss).toBeLessThan(defined(result.epochs[0]).loss / 2)
    expect(result.metrics.accuracy).toBeGreaterThan(0.8)
    expect(result.evaluations.length).toBe(12)
    const values = result.evaluations.map(({ metrics }) => defined(metrics.macroF1))
    expect(result.best?.value).toBe(Math.max(...values))
    expect(result.best?.step).toBe(13 * (1 + values.indexOf(Math.max(...values))))
    const best = (await result.best?.load()) ?? {}
    const again = await predictor(engine.place(best), test)
    expect(classificationScores(again.labels(), test.labels).macroF1).toBe(result.best?.value)
    expect(again.classes).toBe(CLASSES)
    expect(distance(options.params, initial)).toBe(0)
    predictor.dispose()
    result.params.dispose()
  })

  it('is bit-identical with the same seed, and differs with another', async () => {
    const once = await finalParams(base())
    expect(distance(await finalParams(base()), once)).toBe(0)
    expect(distance(await finalParams({ ...base(), seed: 6 }), once)).toBeGreaterThan(1e-4)
    const otherOrder = { ...base(), batches: tinyBatches(rows, 6) }
    expect(distance(await finalParams(otherOrder), once)).toBeGreaterThan(1e-4)
  })

  it('is bit-identical when it is killed and resumed', async () => {
    const whole = { ...base(), accumulation: 2, weightAverage: { decay: 0.9 } }
    const undisturbed = await train(whole)
    const store = folderCheckpoints(folder)
    const checkpoints = { store, every: { everySteps: 4 }, resume: true }
    for (const step of [2, 6, 9, 14]) {
      await expect(train({ ...whole, checkpoints, ...killedAfter(step) })).rejects.toThrow('killed')
    }
    const starts: number[] = []
    const callbacks = [{ onStart: ({ step }: { step: number }) => void starts.push(step) }]
    const resumed = await train({ ...whole, checkpoints, callbacks })
    expect(starts).toEqual([12])
    expect(distance(await resumed.params.read(), await undisturbed.params.read())).toBe(0)
    expect(distance(resumed.averaged ?? {}, undisturbed.averaged ?? {})).toBe(0)
    expect(distance(resumed.averaged ?? {}, await resumed.params.read())).toBeGreaterThan(1e-3)
    expect(resumed.epochs).toEqual(undisturbed.epochs)
    expect(resumed.steps).toBe(21)
    // A finished run does not continue.
    const over = await train({ ...whole, checkpoints })
    expect(distance(await over.params.read(), await undisturbed.params.read())).toBe(0)
    expect(over.steps).toBe(21)
  })

  it('follows the schedule from the start, and averages its weights', async () => {
    const rates: number[] = []
    const callbacks = [{ onStep: (event: { learningRate: number }) => void rates.push(event.learningRate) }]
    const result = await train({
      ...base(),
      epochs: 1,
      weightAverage: { decay: 0, warmup: false },
      callbacks,
    })
    expect(rates.slice(0, 5)).toEqual(
      [0, 0.02 / 3, 0.04 / 3, 0.02, 0.02 * 0.9].map((rate) => expect.closeTo(rate, 12)),
    )
    expect(distance(result.averaged ?? {}, await result.params.read())).toBe(0)
  })

  it('accumulates to the mean over all rows, or to the mean of means', async () => {
    const batch = (numbers: readonly number[]) => ({
      rows: Int32Array.from(numbers),
      size: numbers.length,
      length: 24,
    })
    const { tokenBatch } = await import('./index.ts')
    const source = (plan: readonly (readonly number[])[]): BatchSource => ({
      epoch: () => ({
        length: plan.length,
        batch: (i) => tokenBatch(rows, batch(defined(plan[i])), { padTokenId: 1 }),
      }),
    })
    const noDropout = (params: Parameters<typeof tinyLoss>[0], feeds: Parameters<typeof tinyLoss>[1]) =>
      tinyLoss(params, feeds, { training: false, dropout: (x) => x })
    const run = (plan: readonly (readonly number[])[], more: Partial<TrainOptions>) =>
      finalParams({
        ...base(),
        schedule: { kind: 'constant' },
        epochs: 2,
        loss: noDropout,
        ...more,
        batches: source(plan),
      })
    const full = await run([[0, 1, 2, 3, 4, 5, 6, 7]], {})
    const split = [
      [0, 1, 2, 3, 4, 5],
      [6, 7],
    ]
    expect(distance(await run(split, { accumulation: 2 }), full)).toBeLessThan(1e-5)
    expect(distance(await run(split, { accumulation: 2, accumulationMean: 'equal' }), full)).toBeGreaterThan(
      1e-4,
    )
  })

  it('prepares batches ahead without changing the result', async () => {
    const source = tinyBatches(rows, 5)
    const run = async (prefetch: number) => {
      let [requested, making] = [0, 0]
      const ahead: number[] = []
      const batches: BatchSource = {
        epoch: (epoch) => {
          const planned = source.epoch(epoch)
          requested = 0
          return {
            length: planned.length,
            batch: async (index) => {
              requested++
              making++
              await new Promise((resolve) => setTimeout(resolve, 2))
              making--
              return planned.batch(index)
            },
          }
        },
      }
      let step = 0
      const onStep = (): void => void ahead.push(requested - (step++ % 13) - 1)
      const params = await finalParams({ ...base(), batches, prefetch, callbacks: [{ onStep }] })
      expect(making).toBe(0)
      return { params, ahead: ahead.slice(0, 13) }
    }
    const [one, three] = [await run(1), await run(3)]
    expect(one.ahead).toEqual([...new Array<number>(12).fill(1), 0])
    expect(three.ahead).toEqual([...new Array<number>(10).fill(3), 2, 1, 0])
    expect(distance(one.params, three.params)).toBe(0)
    expect(distance(one.params, await finalParams(base()))).toBe(0)
  })

  it('stops early when the metric does not improve, also after a resume', async () => {
    const values = [0.5, 0.6, 0.6, 0.601, 0.59, 0.9]
    let evaluation = 0
    const options = (): TrainOptions => ({
      ...base(),
      epochs: 10,
      evaluate: {
        run: () => ({ score: defined(values[evaluation++]) }),
        best: { metric: 'score', mode: 'max' },
        earlyStopping: { patience: 3, minDelta: 0.01 },
      },
      checkpoints: { store: folderCheckpoints(folder), resume: true },
    })
    const result = await train(options())
    expect(result).toMatchObject({
      stopped: 'early-stopping',
      epoch: 5,
      best: { step: 4 * 13, value: 0.601 },
    })
    const again = await train(options())
    expect(again).toMatchObject({ stopped: 'early-stopping', epoch: 5, best: { step: 4 * 13 } })
    expect(Object.keys((await again.best?.load()) ?? {})).toEqual(Object.keys(tinyParams()))
  })

  it('ends with a checkpoint on abort, and resumes from there', async () => {
    const undisturbed = await finalParams(base())
    const stop = new AbortController()
    const checkpoints = { store: folderCheckpoints(folder), resume: true }
    const callbacks = [{ onStep: ({ step }: { step: number }) => (step === 17 ? stop.abort() : undefined) }]
    const first = await train({ ...base(), checkpoints, callbacks, signal: stop.signal })
    expect(first).toMatchObject({ stopped: 'aborted', steps: 17 })
    expect(await readdir(folder)).toContain('checkpoint-00000017')
    expect(distance(await finalParams({ ...base(), checkpoints }), undisturbed)).toBe(0)
  })

  it('stops at a non-finite loss, and reports step, rows and the last good checkpoint', async () => {
    const guilty = 42
    const loss: TrainOptions['loss'] = (params, batch, ctx) => {
      const poison = batch.input_ids?.equal(tf.scalar(29, 'int32')).cast('float32').sum().mul(1e30).mul(1e30)
      const plain = tinyLoss(params, batch, ctx)
      if (poison === undefined || !(plain instanceof tf.Tensor)) throw new Error('no tensor')
      return plain.add(poison).asScalar()
    }
    const clean = rows.inputIds as Int32Array[]
    const inputIds = clean.map((ids, i) => ids.map((id) => (i === guilty ? 29 : id === 29 ? 28 : id)))
    const batches = tinyBatches({ ...rows, inputIds }, 5)
    const epoch = batches.epoch(0)
    let step = 0
    while (!Array.from((await epoch.batch(step)).rows).includes(guilty)) step++
    const checkpoints = { store: folderCheckpoints(folder), every: { everySteps: 1 } }
    const error = await train({ ...base(), batches, loss, checkpoints, rowName: (row) => `id_${row}` }).catch(
      (e: unknown) => e,
    )
    expect(error).toMatchObject({ code: 'trainer/non-finite' })
    const { message } = error as Error
    expect(message).toContain(`at step ${step + 1}, on the`)
    expect(message).toMatch(/\bid_42\b/)
    if (step > 0) expect(message).toContain(join(folder, `checkpoint-${String(step).padStart(8, '0')}`))
  })

  it('refuses to resume another run, and to overwrite one', async () => {
    const store = folderCheckpoints(folder)
    await finalParams({ ...base(), maxSteps: 4, checkpoints: { store } })
    const again = (options: Partial<TrainOptions>, resume = true) =>
      train({ ...base(), checkpoints: { store, resume }, ...options })
    await expect(again({}, false)).rejects.toMatchObject({ code: 'trainer/checkpoints-exist' })
    await expect(again({ seed: 9 })).rejects.toThrow(/seed 5, now 9/)
    await expect(again({ batches: tinyBatches(tinyRows(200, 3), 5) })).rejects.toThrow(/other rows or tokens/)
    const { 'out.weight': out, ...rest } = tinyParams()
    await expect(again({ params: rest })).rejects.toThrow(/a parameter "out.weight"/)
    const narrow = out === undefined ? rest : { ...rest, 'out.weight': { ...out, shape: [8, 3] } }
    await expect(again({ params: narrow })).rejects.toThrow(/\[3,8\], now float32 \[8,3\]/)
  })

  it('evaluates at the given interval, and at the end', async () => {
    const at = async (every: { everySteps: number } | { everyEpochs: number }) =>
      (await train({ ...base(), evaluate: { run: () => ({ x: 1 }), every } })).evaluations.map(
        ({ step }) => step,
      )
    expect(await at({ everyEpochs: 0.5 })).toEqual([7, 13, 20, 26, 33, 39])
    expect(await at({ everyEpochs: 2 })).toEqual([26, 39])
    expect(await at({ everySteps: 20 })).toEqual([20, 39])
  })

  it('refuses invalid options', async () => {
    const { epochs: _, ...endless } = base()
    await expect(train(endless)).rejects.toThrow(/there must be epochs or maxSteps/)
    await expect(train({ ...base(), learningRate: 0 })).rejects.toMatchObject({ code: 'trainer/options' })
    await expect(train({ ...base(), accumulation: 1.5 })).rejects.toThrow(/accumulation/)
    const evaluate = { run: () => ({ a: 1 }), best: { metric: 'b', mode: 'max' as const } }
    await expect(train({ ...base(), epochs: 1, evaluate })).rejects.toMatchObject({
      code: 'trainer/unknown-metric',
    })
  })
})

it('frees tensors on an eager engine, and trains like the compiled one', async () => {
  const cpu = await selectEngine('cpu')
  const options = { ...base(), epochs: 1, weightAverage: { decay: 0.5 }, evaluate: { run: () => ({ x: 1 }) } }
  const compiled = await finalParams(options)
  const before = tf.memory().numTensors
  const eager = await finalParams({ ...options, engine: cpu })
  expect(tf.memory().numTensors).toBe(before)
  expect(distance(eager, compiled)).toBeLessThan(1e-4)
  cpu.dispose()
})
