import { KicError } from '@kic/core'
import * as tf from '@tensorflow/tfjs'
import { describe, expect, it, vi } from 'vitest'
import type { CompiledFunction, Engine } from './contract.ts'
import { EagerEngine } from './eager/eager-engine.ts'
import { type EngineStarter, engineStarters } from './engine-starters.ts'
import { selectEngine, selectFrom } from './select-engine.ts'
import { surveyOf } from './survey-engines.ts'

const startsAs =
  (name: Engine['name']): EngineStarter =>
  async (reason) =>
    new EagerEngine(name, 'cpu', `${name} (${reason})`)

const fails =
  (code: string, message = 'It is missing. Install it'): EngineStarter =>
  () =>
    Promise.reject(new KicError(code, message))

/** An engine whose every call takes so long. */
const takes =
  (name: Engine['name'], milliseconds: number): EngineStarter =>
  async (reason) => {
    const engine = new EagerEngine(name, 'cpu', `${name} (${reason})`)
    const call: CompiledFunction = Object.assign(
      async () => {
        await new Promise((done) => setTimeout(done, milliseconds))
        return {}
      },
      { dispose: () => undefined },
    )
    return Object.assign(engine, { compile: () => call })
  }

const all = {
  'tfjs-node-gpu': startsAs('tfjs-node-gpu'),
  compiled: startsAs('compiled'),
  webgpu: fails('engine/unavailable', 'must find a GPU'),
  'tfjs-node': startsAs('tfjs-node'),
  wasm: startsAs('wasm'),
  cpu: startsAs('cpu'),
}

describe('auto', () => {
  it('takes the first that starts, and gives the reasons for skipping the ones before', async () => {
    const missing = fails('engine/not-installed')
    const broken = fails('engine/unavailable', 'finds no GPU. Check CUDA')
    const chosen = async (starters: Partial<typeof all>): Promise<string> =>
      (await selectFrom({ ...all, ...starters }, 'auto', {})).description
    expect(await chosen({})).toBe('tfjs-node-gpu (skipped: webgpu finds no GPU)')
    expect(await chosen({ 'tfjs-node-gpu': broken })).toBe(
      'compiled (skipped: tfjs-node-gpu (finds no GPU); webgpu finds no GPU)',
    )
    expect(await chosen({ 'tfjs-node-gpu': missing, compiled: fails('engine/no-onnxruntime') })).toBe(
      'tfjs-node (skipped: tfjs-node-gpu is not installed; compiled (It is missing); webgpu finds no GPU)',
    )
    const none = { 'tfjs-node-gpu': missing, compiled: missing, 'tfjs-node': missing }
    expect(await chosen(none)).toMatch(/^wasm /)
    expect(await chosen({ ...none, wasm: broken })).toMatch(/^cpu /)
    await expect(chosen({ ...none, wasm: broken, cpu: broken })).rejects.toThrow(
      /at least one engine must start.*wasm/,
    )
  })

  it('takes a GPU that is faster in a matrix product, and leaves one that is not', async () => {
    const chosen = async (
      milliseconds: { compiled: number; webgpu: number },
      options = {},
    ): Promise<string> => {
      const starters = {
        ...all,
        'tfjs-node-gpu': fails('engine/not-installed'),
        compiled: takes('compiled', milliseconds.compiled),
        webgpu: takes('webgpu', milliseconds.webgpu),
      }
      return (await selectFrom(starters, 'auto', options)).description
    }
    vi.stubEnv('VK_ICD_FILENAMES', 'driver.json')
    expect(await chosen({ compiled: 300, webgpu: 30 })).toMatch(
      /^webgpu \(\d+(\.\d)? × as fast as compiled; skipped: tfjs-node-gpu is not installed\)$/,
    )
    expect(await chosen({ compiled: 30, webgpu: 300 })).toMatch(
      /^compiled \(webgpu is 0\.\d+ × as fast; skipped: tfjs-node-gpu is not installed\)$/,
    )
    const session = { executionProviders: ['cpu'] }
    expect(await chosen({ compiled: 300, webgpu: 30 }, { session })).toBe(
      'compiled (skipped: tfjs-node-gpu is not installed; webgpu is not among the execution providers)',
    )
    vi.unstubAllEnvs()
  })

  it('passes on errors other than a missing engine', async () => {
    const own = new TypeError('mine')
    const starters = { ...all, 'tfjs-node-gpu': () => Promise.reject(own) }
    await expect(selectFrom(starters, 'auto', {})).rejects.toBe(own)
  })

  it('selects the compiled engine here', async () => {
    const engine = await selectEngine()
    expect(engine.name).toBe('compiled')
    expect(engine.description).toMatch(
      /^compiled: .*skipped: tfjs-node-gpu is not installed; webgpu finds no GPU\)$/,
    )
  })
})

describe('a named engine', () => {
  it('is selected, or fails with what to do', async () => {
    await tf.setBackend('cpu')
    for (const name of ['compiled', 'wasm', 'cpu'] as const)
      expect((await selectEngine(name)).name).toBe(name)
    expect(tf.getBackend()).toBe('cpu')
    await expect(selectEngine('tfjs-node')).rejects.toMatchObject({
      code: 'engine/not-installed',
      message: expect.stringContaining('npm install @tensorflow/tfjs-node'),
    })
    await expect(selectEngine(Object('fast').toString())).rejects.toMatchObject({ code: 'engine/unknown' })
  })
})

describe('session.executionProviders', () => {
  const session = (...executionProviders: string[]) => ({
    session: { executionProviders, logSeverityLevel: 4 },
  })

  it('accepts those that ONNX Runtime has', async () => {
    const engine = await selectEngine('compiled', session('cpu'))
    const run = engine.compile((_, { x }) => ({ y: tf.neg(x ?? 0) }))
    const x = { dtype: 'float32', shape: [2], data: Float32Array.of(1, 2) } as const
    expect([...((await run(engine.place({}), { x })).y?.data ?? [])]).toEqual([-1, -2])
    engine.dispose()
  })

  it.each(['compiled', 'auto'] as const)('reports a missing one and its requirements: %s', async (choice) => {
    await expect(
      selectFrom({ ...engineStarters, wasm: startsAs('wasm') }, choice, session('nonsense')),
    ).rejects.toMatchObject({
      code: 'engine/execution-provider',
      message: expect.stringMatching(/\["nonsense"\].*backend not found/),
    })
  })

  it('lists the requirements of CUDA', async () => {
    const hasCuda = (await import('onnxruntime-node'))
      .listSupportedBackends()
      .some(({ name, bundled }) => name === 'cuda' && bundled)
    if (process.platform !== 'linux' || process.arch !== 'x64' || hasCuda) return
    await expect(selectEngine('compiled', session('cuda'))).rejects.toMatchObject({
      code: 'engine/execution-provider',
      message: expect.stringMatching(/\["cuda"\].*CUDA 12.*ONNXRUNTIME_NODE_INSTALL=cuda12/),
    })
  })
})

it('surveys every engine: what it reaches, or what is missing', async () => {
  const missing = fails('engine/not-installed')
  const starters = {
    'tfjs-node-gpu': missing,
    compiled: takes('compiled', 25),
    webgpu: takes('webgpu', 25),
    'tfjs-node': missing,
    wasm: missing,
    cpu: missing,
  }
  const found = await surveyOf(starters, true)
  expect(found.map(({ name }) => name)).toEqual(Object.keys(all))
  expect(found[0]).toEqual({ name: 'tfjs-node-gpu', starts: false, problem: 'It is missing. Install it' })
  const gpu = found.find(({ name }) => name === 'webgpu')
  // 6 products of 128 x 128 in 25 ms.
  expect(gpu).toMatchObject({ starts: true })
  expect(gpu?.starts === true && gpu.gflops).toBeGreaterThan(0.3)
  expect(gpu?.starts === true && gpu.gflops).toBeLessThan(1.02)
  const without = await surveyOf(starters, false)
  expect(without.find(({ name }) => name === 'webgpu')).toMatchObject({
    starts: false,
    problem: expect.stringContaining('no GPU'),
  })
})

describe('a runtime that is given', () => {
  class Tensor {
    readonly data = undefined
    readonly dims: readonly number[] = []
    dispose(): void {}
  }
  const broken = {
    Tensor,
    InferenceSession: { create: () => Promise.reject(new Error('no sessions here')) },
  }

  it('is the one that webgpu and compiled run on', async () => {
    await expect(selectEngine('webgpu', { runtime: broken })).rejects.toMatchObject({
      code: 'engine/unavailable',
      message: expect.stringContaining('no sessions here'),
    })
    const engine = await selectEngine('compiled', { runtime: broken })
    const double = engine.compile(() => ({ y: tf.ones([1]) }))
    await expect(double(engine.place({}), {})).rejects.toThrow('no sessions here')
    engine.dispose()
  })
})
