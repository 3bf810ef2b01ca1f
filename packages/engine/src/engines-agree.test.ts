import type { HostTensors } from '@kic/safetensors'
import * as tf from '@tensorflow/tfjs'
import { afterAll, describe, expect, it } from 'vitest'
import { copy, distance, floats, initial, ints, loss, trained } from './__fixtures__/small-training.ts'
import type { AdamW, Engine } from './contract.ts'
import { standIn } from './eager/__fixtures__/stand-in.ts'
import { engineStarters, nativeStarter } from './engine-starters.ts'
import { selectFrom } from './select-engine.ts'

/** tfjs-node is not available everywhere, so a stand-in backend runs its path from selection to disposal. */
const starters = {
  ...engineStarters,
  'tfjs-node': nativeStarter('tfjs-node', () => standIn({ gpu: false })),
}
const selectEngine = (name: Engine['name']): Promise<Engine> => selectFrom(starters, name, {})

const engines: Engine[] = []
afterAll(() => {
  for (const engine of engines) engine.dispose()
})

const train = async (name: Engine['name'], steps: number, seed: number, settings?: Partial<AdamW>) => {
  const engine = await selectEngine(name)
  engines.push(engine)
  return trained(engine, steps, seed, settings)
}

describe('compiled, wasm, cpu, and a stand-in for tfjs-node', () => {
  it('train to the same parameters, with dropout, accumulation and clipping', async () => {
    const [compiled, cpu, wasm, native] = [
      await train('compiled', 6, 1),
      await train('cpu', 6, 1),
      await train('wasm', 6, 1),
      await train('tfjs-node', 6, 1),
    ]
    expect(distance(compiled.params, cpu.params)).toBeLessThan(2e-5)
    expect(distance(wasm.params, cpu.params)).toBeLessThan(2e-5)
    expect(distance(native.params, cpu.params)).toBe(0)
    expect(distance(compiled.state.moments, cpu.state.moments)).toBeLessThan(1e-5)
    compiled.losses.forEach((value, i) => {
      expect(value).toBeCloseTo(cpu.losses[i] ?? Number.NaN, 5)
    })
    // A parameter that the loss does not reach stays unchanged, without decay.
    expect(compiled.params.unused).toEqual(initial.unused)
  })

  it('update only the touched rows of a table to the same values', async () => {
    const touched: Partial<AdamW> = {
      perParameter: (name) => (name === 'table' ? { rows: 'touched', learningRateScale: 2 } : {}),
    }
    const [compiled, cpu, wasm, everyRow] = [
      await train('compiled', 6, 1, touched),
      await train('cpu', 6, 1, touched),
      await train('wasm', 6, 1, touched),
      await train('compiled', 6, 1),
    ]
    expect(distance(compiled.params, cpu.params)).toBeLessThan(2e-5)
    expect(distance(wasm.params, cpu.params)).toBeLessThan(2e-5)
    expect(distance(compiled.state.moments, cpu.state.moments)).toBeLessThan(1e-5)
    // No batch has the last five rows: they are not even decayed.
    const tail = ({ table }: HostTensors) => table?.data.slice(15 * 8)
    expect(tail(compiled.params)).toEqual(tail(initial))
    expect(tail(everyRow.params)).not.toEqual(tail(initial))
  })

  it('repeat bit for bit with a seed, and differ between seeds', async () => {
    const [a, b, c] = [
      await train('compiled', 4, 1),
      await train('compiled', 4, 1),
      await train('compiled', 4, 2),
    ]
    expect(distance(a.params, b.params)).toBe(0)
    expect(distance(a.params, c.params)).toBeGreaterThan(1e-4)
  })
})

it('runs an inference function with equal results on all engines', async () => {
  const feeds = { x: floats(3, 8), ids: ints(20, 3) }
  const results = []
  for (const name of ['compiled', 'cpu', 'wasm', 'tfjs-node'] as const) {
    const engine = await selectEngine(name)
    engines.push(engine)
    const fn = engine.compile(({ table }, { x, ids }) => {
      if (!table || !x || !ids) throw new Error('incomplete')
      const rows = tf.gather(table, ids.cast('int32'))
      return { product: tf.matMul(x, rows, false, true).div(3).softmax(), same: x, top: x.argMax(-1) }
    })
    results.push(await fn(engine.place(copy(initial)), feeds))
  }
  const [compiled, cpu, wasm, native] = results
  if (!compiled || !cpu || !wasm || !native) throw new Error('incomplete')
  expect(distance(compiled, cpu)).toBeLessThan(1e-6)
  expect(distance(wasm, cpu)).toBeLessThan(1e-6)
  expect(native).toEqual(cpu)
  expect(compiled.top?.dtype).toBe('int32')
})

it('eager engines free placed and computed tensors on disposal', async () => {
  await tf.setBackend('cpu')
  for (const name of ['cpu', 'wasm', 'tfjs-node'] as const) {
    const before = tf.memory().numTensors
    const engine = await selectEngine(name)
    const params = engine.place(copy(initial))
    const step = engine.trainStep({ params, loss, seed: 1, optimizer: { kind: 'adamw' } })
    const batch = { ids: ints(20, 4, 5), labels: ints(3, 4) }
    for (let i = 0; i < 3; i++) await step([batch, batch], { learningRate: 0.01 })
    expect(tf.memory().numTensors).toBeGreaterThan(before)
    engine.dispose()
    expect(tf.memory().numTensors).toBe(before)
    expect(tf.getBackend()).toBe('cpu')
  }
})
