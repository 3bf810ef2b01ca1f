import { createRandom } from '@kic/core'
import type { HostTensor, HostTensors } from '@kic/safetensors'
import * as tf from '@tensorflow/tfjs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inferenceContext } from '../context.ts'
import type { Engine, TensorFunction, Tensors } from '../contract.ts'
import { selectEngine } from '../select-engine.ts'
import { gradientName, valueAndGradients } from '../value-and-gradients.ts'
import { binaryCases } from './__fixtures__/binary-cases.ts'
import { convolutionCases } from './__fixtures__/convolution-cases.ts'
import { creationCases } from './__fixtures__/creation-cases.ts'
import { indexingCases } from './__fixtures__/indexing-cases.ts'
import { Draw, type KernelCase, NO_GRADIENT, type Variant } from './__fixtures__/kernel-case.ts'
import { matmulCases } from './__fixtures__/matmul-cases.ts'
import { poolingCases } from './__fixtures__/pooling-cases.ts'
import { reductionCases } from './__fixtures__/reduction-cases.ts'
import { shapeCases } from './__fixtures__/shape-cases.ts'
import { sliceCases } from './__fixtures__/slice-cases.ts'
import { unaryCases } from './__fixtures__/unary-cases.ts'
import { kernelTable } from './kernel-table.ts'
import { RECORDER } from './recording-backend.ts'
import { recordingBackend } from './register.ts'

/** Largest difference allowed, relative to the largest finite entry. */
const TOLERANCE = 1e-5

const families: Readonly<Record<string, readonly KernelCase[]>> = {
  unary: unaryCases,
  binary: binaryCases,
  reduction: reductionCases,
  creation: creationCases,
  shape: shapeCases,
  slice: sliceCases,
  matmul: matmulCases,
  indexing: indexingCases,
  convolution: convolutionCases,
  pooling: poolingCases,
}

const inputName = (variant: number, index: number): string => `${variant}.${index}`

const feedsOf = (variants: readonly Variant[]): HostTensors =>
  Object.fromEntries(
    variants.flatMap(({ inputs }, v) => inputs.map((input, i) => [inputName(v, i), input] as const)),
  )

const taken = (feeds: Tensors, { inputs }: Variant, v: number): tf.Tensor[] =>
  inputs.map((_, i) => {
    const feed = feeds[inputName(v, i)]
    if (feed === undefined) throw new Error('a feed is missing')
    return feed
  })

/** The results of all variants; for a variant with a gradient, also that of a randomly weighted sum of its results. */
const functionOf =
  (variants: readonly Variant[], differentiated: readonly string[]): TensorFunction =>
  (_, feeds) => {
    const values: Record<string, tf.Tensor> = {}
    const weights = createRandom('weights')
    const total = (given: Tensors): tf.Tensor => {
      let sum: tf.Tensor = tf.scalar(0)
      variants.forEach((variant, v) => {
        const results = [variant.apply(...taken(given, variant, v))].flat()
        results.forEach((y, i) => {
          values[`value ${v}.${i}`] = y
          if (y.dtype !== 'float32' || !hasGradient(v, differentiated)) return
          const weight = Float32Array.from({ length: y.size }, () => weights.normal())
          sum = sum.add(y.mul(tf.tensor(weight, y.shape)).sum())
        })
      })
      return sum
    }
    if (differentiated.length === 0) {
      total(feeds)
      return values
    }
    return valueAndGradients(
      (given) => ({ loss: total(given).asScalar(), ...values }),
      feeds,
      feeds,
      inferenceContext,
      differentiated,
    )
  }

const hasGradient = (v: number, differentiated: readonly string[]): boolean =>
  differentiated.some((name) => name.startsWith(`${v}.`))

const differentiatedOf = (variants: readonly Variant[]): string[] =>
  variants.flatMap(({ inputs, by }, v) =>
    inputs.flatMap(({ dtype }, i) => ((by?.includes(i) ?? dtype === 'float32') ? [inputName(v, i)] : [])),
  )

/** The fault of a result, if any. */
const difference = (name: string, actual: HostTensor | undefined, wanted: HostTensor): string[] => {
  if (actual === undefined) return [`${name} is missing`]
  if (actual.dtype !== wanted.dtype || `${actual.shape}` !== `${wanted.shape}`) {
    return [`${name} is ${actual.dtype}[${actual.shape}], not ${wanted.dtype}[${wanted.shape}]`]
  }
  const finite = Array.from(wanted.data, Math.abs).filter(Number.isFinite)
  const limit = TOLERANCE * finite.reduce((a, b) => Math.max(a, b), 0)
  const wrong = Array.from(wanted.data).findIndex((x, i) => {
    const y = actual.data[i] ?? Number.NaN
    return !Object.is(x, y) && x !== y && !(Math.abs(x - y) <= limit)
  })
  return wrong < 0 ? [] : [`${name}[${wrong}] is ${actual.data[wrong]}, not ${wanted.data[wrong]}`]
}

/** Names of the kernels recorded by the current case and by all cases. */
const reached = new Set<string>()
const covered = new Set<string>()
let engines: { compiled: Engine; cpu: Engine }

beforeAll(async () => {
  engines = { compiled: await selectEngine('compiled'), cpu: await selectEngine('cpu') }
  recordingBackend()
  for (const { kernelName, kernelFunc } of tf.getKernelsForBackend(RECORDER)) {
    tf.unregisterKernel(kernelName, RECORDER)
    tf.registerKernel({
      kernelName,
      backendName: RECORDER,
      kernelFunc: (call) => {
        reached.add(kernelName)
        covered.add(kernelName)
        return kernelFunc(call)
      },
    })
  }
})

afterAll(() => {
  engines.compiled.dispose()
  engines.cpu.dispose()
})

const compare = async ({ name, kernels, valueOnly, variants }: KernelCase, seed: number): Promise<void> => {
  if (valueOnly === NO_GRADIENT)
    expect(kernels.filter((kernel) => tf.getGradient(kernel) !== undefined)).toEqual([])
  const drawn = variants(new Draw(createRandom(name, seed)))
  const differentiated = valueOnly === undefined ? differentiatedOf(drawn) : []
  const results: HostTensors[] = []
  reached.clear()
  for (const engine of [engines.compiled, engines.cpu]) {
    const run = engine.compile(functionOf(drawn, differentiated))
    results.push(await run(engine.place({}), feedsOf(drawn)))
    run.dispose()
  }
  expect([...reached]).toEqual(expect.arrayContaining([...kernels]))
  const [actual = {}, wanted = {}] = results
  for (const input of differentiated) expect(wanted).toHaveProperty([gradientName(input)])
  // The loss is a sum in which the values may cancel.
  const { loss: _, ...entries } = wanted
  expect(Object.entries(entries).flatMap(([key, value]) => difference(key, actual[key], value))).toEqual([])
}

for (const [family, cases] of Object.entries(families)) {
  describe(`${family} kernels give equal results on the compiled and the cpu engine`, () => {
    it.each(cases.map((kernelCase) => ({ ...kernelCase })))('$name', async (kernelCase) => {
      for (const seed of [1, 2]) await compare(kernelCase, seed)
    })
  })
}

it('covers every entry of the table', () => {
  expect(Object.keys(kernelTable).filter((kernel) => !covered.has(kernel))).toEqual([])
})

/** Kernels with a gradient that cannot be recorded: those of images, volumes and complex numbers. */
const NOT_RECORDED = [
  'AvgPool3D',
  'ComplexAbs',
  'Conv3D',
  'Dilation2D',
  'LRN',
  'MaxPool3D',
  'ResizeBilinear',
  'ResizeNearestNeighbor',
]

it('holds every kernel that TensorFlow.js can differentiate, except the listed ones', () => {
  const differentiable = tf
    .getKernelsForBackend('cpu')
    .map(({ kernelName }) => kernelName)
    .filter((kernel) => tf.getGradient(kernel) !== undefined)
  expect(differentiable.length).toBeGreaterThan(90)
  expect(differentiable.filter((kernel) => !(kernel in kernelTable)).sort()).toEqual(NOT_RECORDED)
})
