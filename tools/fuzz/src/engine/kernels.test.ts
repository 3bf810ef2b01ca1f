import * as tf from '@tensorflow/tfjs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { check, type Engines, recordOnly, startEngines } from './check.ts'
import { generate } from './generate.ts'
import { printed } from './print.ts'
import { shrink } from './shrink.ts'

/** The recorder's name in TensorFlow.js's registry. */
const RECORDER = 'kic-recorder'

/** Kernels that no program reaches, and why. */
const NOT_REACHED: Readonly<Record<string, string>> = {
  Gelu: 'TensorFlow.js has no kernel of that name: kernel-table.test.ts compares it with its definition',
  LayerNormalization: 'the same',
  LSTM: 'the same',
}

const SEED = 1

let engines: Engines
const reached = new Set<string>()

type KernelFunction = tf.KernelConfig['kernelFunc']

/** Puts another function in the place of a kernel of the recorder. */
const replaceKernel = (kernelName: string, kernelFunc: KernelFunction): void => {
  tf.unregisterKernel(kernelName, RECORDER)
  tf.registerKernel({ kernelName, backendName: RECORDER, kernelFunc })
}

beforeAll(async () => {
  engines = await startEngines('compiled')
  // The first recording registers the kernels.
  await check('inference', generate(SEED, 0).program, engines)
  for (const { kernelName, kernelFunc } of tf.getKernelsForBackend(RECORDER)) {
    replaceKernel(kernelName, (call) => {
      reached.add(kernelName)
      return kernelFunc(call)
    })
  }
})

afterAll(() => {
  engines.dispose()
})

it('reaches every kernel of the table except the listed ones', () => {
  const table = tf.getKernelsForBackend(RECORDER).map(({ kernelName }) => kernelName)
  expect(table.length).toBeGreaterThan(100)
  const missing = (): string[] =>
    table.filter((kernel) => !reached.has(kernel) && NOT_REACHED[kernel] === undefined)
  for (let index = 0; index < 4000 && missing().length > 0; index++) recordOnly(generate(SEED, index).program)
  expect(missing()).toEqual([])
}, 120_000)

it('finds no faults', async () => {
  for (let index = 0; index < 100; index++) {
    const { kind, program } = generate(SEED, index)
    expect(['equal', 'refused']).toContain((await check(kind, program, engines)).outcome)
  }
}, 120_000)

it('generates the same program for the same seed and number', () => {
  expect(generate(3, 5)).toEqual(generate(3, 5))
  expect(generate(3, 5)).not.toEqual(generate(3, 6))
})

it('finds a wrong kernel, and shrinks the program to a few lines', async () => {
  const [sin, cos] = ['Sin', 'Cos'].map((name) => tf.getKernel(name, RECORDER)?.kernelFunc)
  if (sin === undefined || cos === undefined) throw new Error('there are such kernels')
  replaceKernel('Sin', cos)
  try {
    for (let index = 0; index < 500; index++) {
      const { kind, program } = generate(SEED, index)
      const fails = (smaller: typeof program): Promise<boolean> =>
        check(kind, smaller, engines).then(
          () => false,
          () => true,
        )
      if (kind === 'export' || !(await fails(program))) continue
      const text = printed(kind, await shrink(program, fails))
      expect(text).toMatch(/sin\(/)
      expect(text.split('\n').length).toBeLessThan(10)
      return
    }
    throw new Error('the wrong kernel was not found')
  } finally {
    replaceKernel('Sin', sin)
  }
}, 120_000)
