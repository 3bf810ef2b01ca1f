import { isKicError } from '@kic/core'
import type { HostTensor } from '@kic/safetensors'
import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import type { Engine, TensorFunction, Tensors } from './contract.ts'
import { exportOnnx } from './export/export-onnx.ts'
import { selectEngine } from './select-engine.ts'

const floats = (...shape: number[]): HostTensor => ({
  dtype: 'float32',
  shape,
  data: new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(0.5),
})

/** As in JavaScript, where no compiler checks whether a name exists. */
const unchecked = (tensors: Tensors, name: string): tf.Tensor => Object(tensors)[name]

const line = /bad-use\.test\.ts:\d+:\d+/
const PARAMS = { weight: floats(3, 4), bias: floats(4) }
const FEEDS = { x: floats(2, 3) }

/** One valid function, and the ways to misuse it. */
const product: TensorFunction = (params, feeds) => ({
  y: tf.matMul(unchecked(feeds, 'x'), unchecked(params, 'weight')).add(unchecked(params, 'bias')),
})

const failure = async (run: () => unknown): Promise<{ code: string; message: string }> => {
  try {
    await run()
  } catch (error) {
    if (!isKicError(error)) throw error
    return { code: error.code, message: error.message }
  }
  throw new Error('nothing was thrown')
}

beforeAll(() => tf.setBackend('cpu'))

describe.each(['compiled', 'cpu', 'wasm'] as const)('on the %s engine', (name) => {
  let engine: Engine
  beforeAll(async () => {
    engine = await selectEngine(name)
    return () => engine.dispose()
  })

  const running = (params: Record<string, HostTensor>, feeds: Record<string, HostTensor>, fn = product) =>
    failure(() => engine.compile(fn)(engine.place(params), feeds))

  it.each(['param/weight', 'feed/x', 'check/0', 'mask/0', 'seed/told'])(
    'refuses an output named %s',
    async (output) => {
      const named: TensorFunction = (p, feeds, ctx) => ({ [output]: unchecked(product(p, feeds, ctx), 'y') })
      const { code, message } = await running(PARAMS, FEEDS, named)
      expect(code).toBe('engine/reserved-name')
      expect(message).toContain(output)
    },
  )

  it('accepts outputs of a loss named like inputs of the step, and refuses names of gradients', async () => {
    const step = (output: string) =>
      engine.trainStep({
        params: engine.place({ w: floats(2), unreached: floats(2) }),
        loss: (p) => ({ loss: unchecked(p, 'w').sum(), [output]: tf.tensor1d([1, 2]) }),
        optimizer: { kind: 'adamw' },
        seed: 1,
      })([FEEDS], { learningRate: 0.1 })
    for (const output of ['share', 'told']) {
      expect([...((await step(output)).outputs[0]?.[output]?.data ?? [])]).toEqual([1, 2])
    }
    expect((await failure(() => step('grad.unreached'))).code).toBe('engine/reserved-name')
  })

  it('refuses constant indices out of range, including those that ONNX would count from the end', async () => {
    for (const bad of [-1, 2]) {
      const { code, message } = await running({}, FEEDS, (_, feeds) => ({
        y: unchecked(feeds, 'x').gather(tf.tensor2d([[0], [bad]], [2, 1], 'int32')),
      }))
      expect(code).toBe('engine/operation')
      expect(message).toContain(`${bad}`)
    }
  })

  it('refuses computed indices that ONNX would count from the end', async () => {
    const table = { table: floats(3, 2) }
    const picked =
      (axis: number): TensorFunction =>
      (p, feeds) => ({
        y: unchecked(p, 'table').gather(unchecked(feeds, 'ids').sub(tf.scalar(1, 'int32')), axis),
      })
    const ids = (...data: number[]): Record<string, HostTensor> => ({
      ids: { dtype: 'int32', shape: [2], data: Int32Array.from(data) },
    })
    const run = engine.compile(picked(0))
    expect((await run(engine.place(table), ids(1, 3))).y?.shape).toEqual([2, 2])
    await expect(run(engine.place(table), ids(1, 0))).rejects.toThrow()
    await expect(engine.compile(picked(1))(engine.place(table), ids(0, 1))).rejects.toThrow()
  })

  const training = (params: Record<string, HostTensor>) =>
    failure(() =>
      engine.trainStep({
        params: engine.place(params),
        loss: (p, batch, ctx) =>
          unchecked(product(p, batch, ctx), 'y')
            .square()
            .mean()
            .asScalar(),
        optimizer: { kind: 'adamw' },
        seed: 1,
      })([FEEDS], { learningRate: 0.1 }),
    )

  it('reports a missing parameter with the line that uses it and the names that exist', async () => {
    for (const { code, message } of [
      await running({ bias: floats(4) }, FEEDS),
      await training({ bias: floats(4) }),
    ]) {
      expect(code).toBe('engine/missing-tensor')
      expect(message).toMatch(line)
      expect(message).toContain('matMul')
      expect(message).toContain('bias float32[4], x float32[2,3]')
    }
  })

  it('reports a parameter of the wrong shape with the line that uses it and all shapes', async () => {
    const wrong = { ...PARAMS, weight: floats(4, 3) }
    for (const { code, message } of [await running(wrong, FEEDS), await training(wrong)]) {
      expect(code).toBe('engine/operation')
      expect(message).toMatch(line)
      expect(message).toMatch(/inner shapes \(3\) and \(4\)/)
      expect(message).toContain('weight float32[4,3]')
    }
    const { message } = await running({ ...PARAMS, bias: floats(5) }, FEEDS)
    expect(message).toMatch(/broadcast|Incompatible shapes/)
    expect(message).toMatch(name === 'compiled' ? /bias|\[5\]/ : line)
  })

  it('refuses an array that does not fill its shape before it is used', async () => {
    const short = { ...floats(3, 4), data: new Float32Array(11) }
    const { code, message } = await failure(() => engine.place({ ...PARAMS, weight: short }))
    expect(code).toBe('engine/host-tensor')
    expect(message).toContain('"weight" of type float32 and shape [3,4] needs a Float32Array of 12 elements')
    expect((await running(PARAMS, { x: { ...floats(2, 3), dtype: 'int32' } })).code).toBe(
      'engine/host-tensor',
    )
  })

  it('passes on an error of the function itself unchanged', async () => {
    const own = new RangeError('mine')
    const run = engine.compile(() => {
      throw own
    })
    await expect(run(engine.place({}), {})).rejects.toBe(own)
  })

  it('keeps working after a failure', async () => {
    const run = engine.compile(product)
    const placed = engine.place(PARAMS)
    await failure(() => run(placed, { x: floats(2, 5) }))
    expect([...((await run(placed, FEEDS)).y?.data ?? [])]).toEqual(new Array(8).fill(1.25))
  })
})

describe('operations that TensorFlow.js refuses are also refused while recording, with the line', () => {
  const x = floats(2, 3)
  const image = (t: tf.Tensor): tf.Tensor4D => t.reshape([1, 1, 2, 3])
  const indices = tf.tensor2d([[0, 0, 0]], [1, 3], 'int32')
  const cases: Readonly<Record<string, (t: tf.Tensor) => tf.Tensor | tf.Tensor[]>> = {
    'a product of unequal inner axes': (t) => tf.matMul(t, tf.zeros([4, 5])),
    'a transposed product': (t) => tf.matMul(t, tf.zeros([2, 7]), false, true),
    'an Einstein sum': (t) => tf.einsum('ij,jk->ik', t, tf.zeros([4, 5])),
    'a sum that cannot be broadcast': (t) => t.add(tf.zeros([5])),
    'a choice that cannot be broadcast': (t) => tf.where(tf.zeros([3, 2], 'bool'), t, t),
    'a rectifier that cannot be broadcast': (t) => tf.prelu(t, tf.zeros([7])),
    'a reshape to another size': (t) => t.reshape([4, 2]),
    'a reshape to an open fraction': (t) => t.reshape([4, -1]),
    'a concatenation of other widths': (t) => tf.concat([t, tf.zeros([2, 4])], 0),
    'a stack of other shapes': (t) => tf.stack([t, tf.zeros([3, 2])]),
    'a slice beyond the end': (t) => tf.slice(t, [0, 2], [2, 2]),
    'a slice behind the end': (t) => tf.slice(t, [3, 0], [1, 1]),
    'a split into unequal parts': (t) => tf.split(t, 2, 1),
    'an axis that is not there': (t) => t.sum(3),
    'a largest along no axis': (t) => t.argMax(2),
    'a gather along no axis': (t) => tf.gather(t, tf.tensor1d([0], 'int32'), 4),
    'indices of too many axes': (t) => tf.gatherND(t, indices),
    'a pool larger than its image': (t) => tf.maxPool(image(t), [3, 3], 1, 'valid'),
  }
  it.each(Object.entries(cases))('%s', async (_, apply) => {
    for (const name of ['cpu', 'compiled'] as const) {
      const engine = await selectEngine(name)
      const run = engine.compile((_params, feeds) => ({
        y: [apply(unchecked(feeds, 'x'))].flat()[0] ?? tf.scalar(0),
      }))
      const { code, message } = await failure(() => run(engine.place({}), { x }))
      expect([name, code]).toEqual([name, 'engine/operation'])
      expect(message).toMatch(line)
      engine.dispose()
    }
  })
})

it('refuses an export with the same message', async () => {
  const inputs = { x: { dtype: 'float32', shape: ['rows', 3] } } as const
  expect((await failure(() => exportOnnx(product, { bias: floats(4) }, { inputs }))).code).toBe(
    'engine/missing-tensor',
  )
})

describe('a session that fails to load', () => {
  it('reports ONNX Runtime’s reason, and is not cached', async () => {
    const engine = await selectEngine('compiled', { session: { graphOptimizationLevel: 'most' } })
    const run = engine.compile(product)
    for (let i = 0; i < 2; i++) {
      const { code, message } = await failure(() => run(engine.place(PARAMS), FEEDS))
      expect(code).toBe('engine/onnxruntime')
      expect(message).toMatch(/could not compile the recorded function: .*graphOptimizationLevel/i)
    }
    engine.dispose()
  })

  it('says what to install if ONNX Runtime itself does not load', async () => {
    vi.resetModules()
    vi.doMock('onnxruntime-node', () => {
      throw new Error('libonnxruntime.so.1: cannot open shared object file')
    })
    const { loadOnnxRuntime } = await import('./compiled/onnx-runtime.ts')
    const { code, message } = await failure(loadOnnxRuntime)
    vi.doUnmock('onnxruntime-node')
    expect(code).toBe('engine/no-onnxruntime')
    expect(message).toContain('npm install onnxruntime-node')
    expect(message).toContain('onnxruntime-web')
  })
})

// TensorFlow.js's wasm backend checks no indices.
describe.each(['compiled', 'cpu'] as const)('on the %s engine', (name) => {
  let engine: Engine
  beforeAll(async () => {
    engine = await selectEngine(name)
    return () => engine.dispose()
  })

  const points = (x: tf.Tensor): tf.Tensor => x.reshape([2, 1])
  it.each<[string, (x: tf.Tensor, ids: tf.Tensor) => tf.Tensor]>([
    ['gatherND', (x, ids) => tf.gatherND(x, points(ids))],
    ['gather in batches', (x, ids) => tf.gather(tf.stack([x, x]), points(ids), 1, 1)],
    ['scatterND', (x, ids) => tf.scatterND(points(ids), x.slice(0, 2), [3])],
    ['tensorScatterUpdate', (x, ids) => tf.tensorScatterUpdate(x, points(ids), x.slice(0, 2))],
    ['sparseToDense', (x, ids) => tf.sparseToDense(ids.as1D(), x.slice(0, 2), [3])],
  ])('%s refuses indices below 0 and beyond the last', async (_, apply) => {
    const run = engine.compile((_, { x, ids }) => ({ y: apply(x ?? tf.zeros([3]), ids ?? tf.zeros([2])) }))
    const feeds = (...data: number[]): Record<string, HostTensor> => ({
      x: floats(3),
      ids: { dtype: 'int32', shape: [2], data: Int32Array.from(data) },
    })
    expect((await run(engine.place({}), feeds(0, 2))).y?.data.length).toBeGreaterThan(1)
    for (const bad of [-1, 3]) await expect(run(engine.place({}), feeds(0, bad))).rejects.toThrow()
  })
})
