import { isKicError, type KicError } from '@kic/core'
import type { HostTensors } from '@kic/safetensors'
import * as tf from '@tensorflow/tfjs'
import { afterAll, describe, expect, it, vi } from 'vitest'
import {
  copy,
  distance,
  floats,
  initial,
  ints,
  loss,
  type Trained,
  trained,
} from '../__fixtures__/small-training.ts'
import type { AdamW, Engine, LossFunction } from '../contract.ts'
import { declareRange } from '../declarations.ts'
import { selectEngine } from '../select-engine.ts'
import { startWebgpu } from './start-webgpu.ts'
import type { WebgpuEngine } from './webgpu-engine.ts'

/** Without an adapter, its refusal. The tests' setup chooses a software adapter where one is installed. */
const webgpuOrRefusal = (): Promise<WebgpuEngine | KicError> =>
  startWebgpu('as asked', {}).catch((error: unknown) => {
    if (isKicError(error)) return error
    throw error
  })

// A software adapter compiles slowly.
vi.setConfig({ testTimeout: 300_000 })
const webgpu = await webgpuOrRefusal()
const compiled = await selectEngine('compiled')
afterAll(() => compiled.dispose())

if (isKicError(webgpu)) {
  console.warn(`webgpu is not tested here. ${webgpu.message}`)
  it('is refused with what to install, and by name never replaced', async () => {
    expect(webgpu).toMatchObject({ code: 'engine/unavailable' })
    expect(webgpu.message).toContain('libvulkan1')
    await expect(selectEngine('webgpu')).rejects.toMatchObject({ code: 'engine/unavailable' })
  })
} else {
  afterAll(() => webgpu.dispose())

  it('runs one profile at a time', async () => {
    await expect(webgpu.profile(() => webgpu.profile(async () => undefined))).rejects.toMatchObject({
      code: 'engine/nested-profile',
    })
    expect((await webgpu.profile(async () => undefined)).operators).toEqual([])
  })

  describe('training', () => {
    const settings: readonly [string, Partial<AdamW>][] = [
      ['with clipping and decay', {}],
      ['as transformers does', { variant: 'huggingface', weightDecay: 0.1 }],
      [
        'with settings of single parameters',
        {
          perParameter: (name) =>
            name === 'table'
              ? { rows: 'touched', learningRateScale: 2 }
              : { weightDecay: name === 'b1' ? 0 : 0.2 },
        },
      ],
    ]
    it.each(settings)('equals that of compiled, %s', async (_, optimizer) => {
      const [actual, wanted] = [
        await trained(webgpu, 4, 1, optimizer),
        await trained(compiled, 4, 1, optimizer),
      ]
      expect(distance(actual.params, wanted.params)).toBeLessThan(2e-5)
      expect(distance(actual.state.moments, wanted.state.moments)).toBeLessThan(1e-5)
      actual.losses.forEach((value, i) => {
        expect(value).toBeCloseTo(wanted.losses[i] ?? Number.NaN, 5)
      })
      expect(actual.params.unused).toEqual(initial.unused)
    })

    it('resumes with the same bits, and from compiled and the reverse', async () => {
      const whole = await trained(webgpu, 4, 1)
      expect(await trained(webgpu, 4, 1)).toEqual(whole)
      const after = async (first: Engine, second: Engine): Promise<Trained> =>
        trained(second, 4, 1, {}, await trained(first, 2, 1))
      const resumed = await after(webgpu, webgpu)
      expect(resumed.params).toEqual(whole.params)
      expect(resumed.state).toEqual(whole.state)
      expect(resumed.losses).toEqual(whole.losses.slice(2))
      expect(distance((await after(compiled, webgpu)).params, whole.params)).toBeLessThan(2e-5)
      expect(distance((await after(webgpu, compiled)).params, whole.params)).toBeLessThan(2e-5)
    })

    it('freezes parameters, and changes nothing by a gradient that is not finite', async () => {
      const params = webgpu.place(copy(initial))
      const trainable = (name: string): boolean => name !== 'table'
      const step = webgpu.trainStep({ params, loss, seed: 1, trainable, optimizer: { kind: 'adamw' } })
      const batch = { ids: ints(15, 4, 5), labels: ints(3, 4) }
      await step([batch], { learningRate: 0.01 })
      const { w1, table } = await params.read()
      expect(table).toEqual(initial.table)
      expect(w1).not.toEqual(initial.w1)
      const broken = webgpu.trainStep({
        params,
        loss: (p) => tf.div(tf.sum(p.w1 ?? 0), 0).asScalar(),
        seed: 1,
        optimizer: { kind: 'adamw' },
      })
      expect((await broken([batch], { learningRate: 0.01 })).gradNorm).not.toSatisfy(Number.isFinite)
      expect((await params.read()).w1).toEqual(w1)
      expect((await broken.state()).step).toBe(0)
    })

    it('adds up the rows of a table whose numbers are computed', async () => {
      const hashed: LossFunction = ({ table }, { ids }) => {
        if (!table || !ids) throw new Error('incomplete')
        const rows = tf.gather(
          table,
          ids.mul(tf.scalar(7, 'int32')).mod(tf.scalar(19, 'int32')).reshape([-1]),
        )
        return rows.square().sum().asScalar()
      }
      const [ids, table] = [ints(40, 3, 5), floats(20, 8)]
      const after = await Promise.all(
        [webgpu, compiled].map(async (engine) => {
          const params = engine.place(copy({ table }))
          const step = engine.trainStep({ params, loss: hashed, seed: 1, optimizer: { kind: 'adamw' } })
          await step([{ ids }], { learningRate: 0.1 })
          return { ...(await params.read()), ...(await step.state()).moments }
        }),
      )
      const [actual = {}, wanted = {}] = after
      expect(distance(wanted, actual)).toBeLessThan(1e-6)
    })

    it('refuses ids beyond a table with the row', async () => {
      const step = webgpu.trainStep({
        params: webgpu.place(copy(initial)),
        loss,
        seed: 1,
        optimizer: { kind: 'adamw' },
      })
      const ids = { dtype: 'int32' as const, shape: [4, 5], data: new Int32Array(20).fill(20) }
      await expect(step([{ ids, labels: ints(3, 4) }], { learningRate: 0.01 })).rejects.toMatchObject({
        code: 'engine/out-of-range',
      })
    })
  })

  it('checks ranges of what is computed from feeds on the host', async () => {
    const declared: LossFunction = ({ w1 }, { ids }) => {
      if (!w1 || !ids) throw new Error('incomplete')
      declareRange(ids.add(tf.scalar(1, 'int32')), { what: 'next id', below: 15, advice: 'Correct it.' })
      return w1.square().sum().asScalar()
    }
    const params = webgpu.place({ w1: floats(2) })
    const step = webgpu.trainStep({ params, loss: declared, seed: 1, optimizer: { kind: 'adamw' } })
    await step([{ ids: ints(13, 100) }], { learningRate: 0 })
    const { downloaded } = webgpu.device
    await step([{ ids: ints(13, 100) }], { learningRate: 0 })
    // The loss and the norm.
    expect(webgpu.device.downloaded - downloaded).toBe(8)
    await expect(
      step([{ ids: { dtype: 'int32', shape: [100], data: new Int32Array(100).fill(14) } }], {
        learningRate: 0,
      }),
    ).rejects.toMatchObject({ code: 'engine/out-of-range', message: expect.stringContaining('next id') })
  })

  it('holds as many tensors after every step, and none after disposal', async () => {
    const engine = await webgpuOrRefusal()
    if (isKicError(engine)) throw engine
    const params = engine.place(copy(initial))
    const step = engine.trainStep({ params, loss, seed: 1, optimizer: { kind: 'adamw' } })
    const batch = { ids: ints(15, 4, 5), labels: ints(3, 4) }
    const counts: number[] = []
    for (let i = 0; i < 3; i++) {
      await step([batch, batch], { learningRate: 0.01 })
      counts.push(engine.device.tensors)
    }
    // Five parameters, two moments of each, and a pool of dropout masks.
    expect(counts).toEqual([16, 16, 16])
    await step.restore(await step.state())
    await params.read()
    expect(engine.device.tensors).toBe(16)
    step.dispose()
    expect(engine.device.tensors).toBe(5)
    engine.dispose()
    expect(engine.device.tensors).toBe(0)
  })

  it('copies per step only feeds, scalars and the numbers of rows, also with dropout and averages', async () => {
    const params = webgpu.place(copy(initial))
    const step = webgpu.trainStep({ params, loss, seed: 1, optimizer: { kind: 'adamw', maxGradNorm: 1 } })
    const averages = webgpu.averages(params, { w1: copy(initial).w1 ?? floats() })
    const batch = { ids: ints(15, 4, 5), labels: ints(3, 4) }
    const traffic: (readonly [up: number, down: number])[] = []
    for (let i = 0; i < 3; i++) {
      const { uploaded, downloaded } = webgpu.device
      await step([batch], { learningRate: 0.01 })
      await averages.update(0.5)
      traffic.push([webgpu.device.uploaded - uploaded, webgpu.device.downloaded - downloaded])
    }
    // Ids, labels, the distinct rows of 20 ids would exceed the table, the seed, both ends of one mask's
    // window, the scale and three factors of the update, and the share of the averages; loss, correct rows and norm.
    const steady = [4 * (20 + 4 + 1 + 2 + 4 + 1), 4 * 3] as const
    expect(traffic.slice(1)).toEqual([steady, steady])
    step.dispose()
    averages.dispose()
    params.dispose()
  })

  it('frees tensors after the programs that made them', async () => {
    const engine = await startWebgpu('as asked', { cacheSize: 1 })
    const params = engine.place(copy(initial))
    const step = engine.trainStep({ params, loss, seed: 1, optimizer: { kind: 'adamw' } })
    await step([{ ids: ints(15, 4, 5), labels: ints(3, 4) }], { learningRate: 0.01 })
    step.dispose()
    await params.read()
    expect(engine.device).toMatchObject({ tensors: 5, bytes: 4 * (160 + 64 + 8 + 24 + 2) })
    params.dispose()
    await new Promise((resolve) => setTimeout(resolve))
    // The program of the last download.
    expect(engine.device).toMatchObject({ tensors: 0, bytes: 0, programs: 1 })
    engine.dispose()
    await new Promise((resolve) => setTimeout(resolve))
    expect(engine.device.programs).toBe(0)
  })

  it('averages parameters on the device', async () => {
    const params = webgpu.place({ w: floats(2, 3), other: floats(2) })
    const { w = floats() } = await params.read()
    const start = floats(2, 3)
    const averages = webgpu.averages(params, { w: start })
    expect((await averages.read()).w?.data).toEqual(start.data)
    await averages.update(0.75)
    await averages.update(0.5)
    const { w: average = floats() } = await averages.read()
    average.data.forEach((value, i) => {
      // 0.5 (0.75 · start + 0.25 · w) + 0.5 · w
      expect(value).toBeCloseTo(0.375 * (start.data[i] ?? 0) + 0.625 * (w.data[i] ?? 0), 6)
    })
    for (const wrong of [{ w: floats(3, 2) }, { missing: floats(2) }])
      expect(() => webgpu.averages(params, wrong)).toThrow(
        expect.objectContaining({ code: 'engine/averages' }),
      )
    averages.dispose()
    params.dispose()
  })

  it('runs an inference function as compiled does', async () => {
    const feeds = { x: floats(3, 8), ids: ints(20, 3) }
    const results: HostTensors[] = []
    for (const engine of [webgpu, compiled]) {
      const fn = engine.compile(({ table, flags }, { x, ids }) => {
        if (!table || !flags || !x || !ids) throw new Error('incomplete')
        const rows = tf.gather(table, ids)
        const top = tf.topk(x, 3)
        return {
          product: tf.matMul(x, rows, false, true).div(3).softmax(),
          same: x,
          best: x.argMax(-1),
          values: top.values,
          indices: top.indices,
          either: x.greater(1).logicalOr(x.less(-0.2)),
          kept: tf.where(flags, x, 0),
          // What the provider or an optimizer of ONNX Runtime gets wrong, or lacks for booleans.
          backwards: tf.stridedSlice(x, [2, 7], [0, 0], [-1, -2]),
          padded: tf.conv2d(x.as4D(1, 4, 6, 1), tf.ones<tf.Rank.R4>([2, 2, 1, 2]), 1, 'same'),
          turned: x.transpose().isNaN(),
          flagged: tf.gatherND(x.greater(0), tf.tensor2d([1, 3, 2, 0], [2, 2], 'int32')),
        }
      })
      const flags = { dtype: 'bool' as const, shape: [8], data: Uint8Array.of(1, 0, 1, 1, 0, 0, 1, 0) }
      results.push(await fn(engine.place({ ...copy(initial), flags }), feeds))
      fn.dispose()
    }
    const [actual = {}, wanted = {}] = results
    expect(Object.keys(actual)).toEqual(Object.keys(wanted))
    expect(distance(wanted, actual)).toBeLessThan(1e-6)
  })

  it('names the operator that the provider lacks, with the line', async () => {
    const fn = webgpu.compile((_, { a, b }) => ({ y: tf.bitwiseAnd(a ?? tf.scalar(0), b ?? tf.scalar(0)) }))
    const feeds = { a: ints(9, 3), b: ints(9, 3) }
    await expect(fn(webgpu.place({}), feeds)).rejects.toMatchObject({
      code: 'engine/unsupported',
      message: expect.stringMatching(/BitwiseAnd of int32, int32 at .*webgpu-engine\.test\.ts/),
    })
  })

  it('refuses parameters of another engine', () => {
    expect(() =>
      webgpu.trainStep({
        params: compiled.place(copy(initial)),
        loss,
        seed: 1,
        optimizer: { kind: 'adamw' },
      }),
    ).toThrow(expect.objectContaining({ code: 'engine/foreign-params' }))
  })
}
