import { createRandom, isKicError } from '@kic/core'
import {
  type CompiledFunction,
  dumpGraph,
  type Engine,
  exportOnnx,
  gradientName,
  inferenceContext,
  selectEngine,
  type TensorFunction,
  valueAndGradients,
} from '@kic/engine'
import type { HostTensor, HostTensors } from '@kic/safetensors'
import * as tf from '@tensorflow/tfjs'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { drawData, type Kind } from './generate.ts'
import {
  evaluate,
  GENERATED_AT,
  lossOf,
  type Program,
  type ProgramInput,
  type Sizes,
  type Step,
  shapeAt,
  sizeOf,
  valueAt,
} from './program.ts'
import { deviation, disturbed, disturbedBackward } from './rounding.ts'
import { hostTensorOf, tensorOf } from './tensors.ts'
import { tidied } from './tidied.ts'

/** The outcome of a program: equal results, or a refusal with its reason. */
export interface Verdict {
  readonly outcome: 'equal' | 'refused'
  /** Code of the refusal, with the kernel's name where it has one. */
  readonly code?: string | undefined
}

/** The engines that are compared with TensorFlow.js's own cpu backend. */
export type Tested = 'compiled' | 'webgpu'

/** The compared engine and its resources. */
export interface Engines {
  readonly tested: Engine
  dispose(): void
}

/** One thread: programs are small, and another worker has the other core. */
const SESSION = { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 4 } as const

export const startEngines = async (name: Tested): Promise<Engines> => {
  await tf.setBackend('cpu')
  const tested = await selectEngine(name, { session: SESSION, cacheSize: 2 })
  return { tested, dispose: () => tested.dispose() }
}

/** WGSL allows a sine an error of 2^-11, and an arc sine 4096 units in the last place. */
const INACCURATE_ON_GPU = /\b(sin|cos|tan|asin|acos|atan|atan2)\(/

/** Whether the engine must run such programs. GPUs need not keep infinities and NaN, and exports run on the CPU. */
export const isFor = (name: Tested, kind: Kind, { inputs, steps }: Program): boolean =>
  name === 'compiled' ||
  (kind !== 'export' &&
    inputs.every(({ data }) => data.every(Number.isFinite)) &&
    !steps.some(({ code }) => INACCURATE_ON_GPU.test(code)))

/** Sizes that exported files are run at: among them 1, and none that they were recorded at. */
const RUN_AT: readonly Sizes[] = [
  { B: 1, S: 1 },
  { B: 5, S: 3 },
  { B: 2, S: 9 },
]

/** Errors that mean a function cannot be recorded or exported; everything else is a finding. */
const REFUSALS = ['engine/unsupported', 'engine/unsupported-kernel', 'engine/export-shape']

/** Allowed difference: a share of the largest element, and of the deviation that enlarged rounding errors cause. */
const TOLERANCE = 2e-5
const DEVIATIONS = 10
/** And one digit of float32 below 1: by chance the enlarged errors of a sum may cancel, too. */
const DIGIT = 2 ** -23

type Named = Readonly<Record<string, tf.Tensor>>

const inputName = (index: number): string => `x${index}`

const results = (
  program: Program,
  inputs: readonly tf.Tensor[],
  after?: (result: tf.Tensor, step: Step, index: number) => tf.Tensor,
): Named => {
  const named = (values: readonly tf.Tensor[]): Record<string, tf.Tensor> =>
    Object.fromEntries(program.outputs.map((index) => [`v${index}`, valueAt(values, index).clone()]))
  const { loss } = program
  if (loss === undefined) return named(evaluate(program, inputs, after))
  const given = Object.fromEntries(inputs.map((tensor, i) => [inputName(i), tensor]))
  return valueAndGradients(
    (replaced) => {
      const values = evaluate(
        program,
        inputs.map((tensor, i) => replaced[inputName(i)] ?? tensor),
        after,
      )
      // Terms may cancel in the sum.
      const terms =
        after === undefined ? values : values.map((x, i) => (x.dtype === 'float32' ? disturbed(x, i) : x))
      return { ...named(values), loss: lossOf(loss, terms) }
    },
    given,
    {},
    inferenceContext,
    loss.by.map(inputName),
  )
}

const functionOf =
  (program: Program): TensorFunction =>
  (_, feeds) =>
    results(
      program,
      program.inputs.map((_input, i) => {
        const feed = feeds[inputName(i)]
        if (feed === undefined) throw new Error(`there is no input ${i}`)
        return feed
      }),
    )

const hosted = (tensors: Named): HostTensors =>
  Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]): [string, HostTensor] => {
      const { shape, dtype } = tensor
      const data = tensor.dataSync()
      if (dtype === 'int32') return [name, { dtype, shape, data: Int32Array.from(data) }]
      if (dtype === 'bool') return [name, { dtype, shape, data: Uint8Array.from(data) }]
      return [name, { dtype: 'float32', shape, data: Float32Array.from(data) }]
    }),
  )

interface Wanted {
  readonly results: HostTensors
  /** How much enlarged rounding errors change each result. */
  readonly deviations: Readonly<Record<string, number>>
}

/** What TensorFlow.js's cpu backend computes. */
const wantedOf = (program: Program, inputs: readonly ProgramInput[], sizes: Sizes): Wanted =>
  tidied(() => {
    const tensors = inputs.map((input) => tensorOf(input, shapeAt(input.dims, sizes)))
    const plain = hosted(results(program, tensors))
    const noisy = hosted(
      results(program, tensors, (result, step, index) =>
        result.dtype !== 'float32'
          ? result
          : step.exact
            ? disturbedBackward(result, index)
            : disturbed(result, index),
      ),
    )
    const deviations = Object.fromEntries(
      Object.entries(plain).map(([name, { data }]) => [name, deviation(data, noisy[name]?.data ?? [])]),
    )
    return { results: plain, deviations }
  })

/** A result that differs, or an error that is no refusal. */
export class Finding extends Error {
  constructor(
    message: string,
    /** Name of the result. */
    readonly result?: string | undefined,
  ) {
    super(message)
  }
}

const compare = (actual: HostTensors, { results: wanted, deviations }: Wanted, where: string): void => {
  for (const [name, x] of Object.entries(wanted)) {
    const y = actual[name]
    if (y === undefined) throw new Finding(`${where}: ${name} is missing`, name)
    if (y.dtype !== x.dtype || `${y.shape}` !== `${x.shape}` || y.data.length !== sizeOf(x.shape)) {
      const described = `${y.dtype}[${y.shape}] of ${y.data.length} elements`
      throw new Finding(`${where}: ${name} is ${described}, not ${x.dtype}[${x.shape}]`, name)
    }
    const largest = Array.from(x.data).reduce(
      (a, b) => (Number.isFinite(b) ? Math.max(a, Math.abs(b)) : a),
      0,
    )
    const limit =
      x.dtype === 'float32' ? TOLERANCE * largest + DEVIATIONS * (deviations[name] ?? 0) + DIGIT : 0
    for (let i = 0; i < y.data.length; i++) {
      const [a, b] = [x.data[i] ?? 0, y.data[i] ?? 0]
      if (a === b || (Number.isNaN(a) && Number.isNaN(b)) || Math.abs(a - b) <= limit) continue
      throw new Finding(`${where}: ${name}[${i}] is ${b}, not ${a} (allowed: ${limit.toPrecision(2)})`, name)
    }
  }
  for (const name of Object.keys(actual)) {
    if (wanted[name] === undefined) throw new Finding(`${where}: ${name} is computed, but not on cpu`, name)
  }
}

/** A refusal as a verdict; other errors are findings. */
const refusal = (error: unknown, where: string): Verdict => {
  if (isKicError(error) && REFUSALS.includes(error.code)) {
    const kernel = /record: (?:the kernel )?(\w+) cannot be recorded/.exec(error.message)?.[1]
    return { outcome: 'refused', code: kernel === undefined ? error.code : `${error.code} ${kernel}` }
  }
  throw new Finding(`${where}: ${error instanceof Error ? error.message : String(error)}`)
}

/**
 * Runs a program on the tested engine, or exports and runs it, and compares everything with the cpu backend.
 *
 * @throws Finding for any difference
 */
export const check = async (kind: Kind, program: Program, engines: Engines): Promise<Verdict> =>
  kind === 'export' ? checkExport(program) : checkRecorded(program, engines)

/** Records a program, at the sizes that it was generated at, and runs nothing; refusals are ignored. */
export const recordOnly = (program: Program): void => {
  const feeds = Object.fromEntries(
    program.inputs.map((input, i) => [inputName(i), hostTensorOf(input, shapeAt(input.dims, GENERATED_AT))]),
  )
  try {
    dumpGraph(functionOf(program), {}, feeds)
  } catch (error) {
    if (!isKicError(error)) throw error
  }
}

const checkRecorded = async (program: Program, { tested }: Engines): Promise<Verdict> => {
  let wanted: Wanted
  try {
    wanted = wantedOf(program, program.inputs, GENERATED_AT)
  } catch (error) {
    // The oracle itself fails, as where TensorFlow.js has no gradient: there is nothing to compare with.
    return {
      outcome: 'refused',
      code: `cpu: ${error instanceof Error ? error.message.slice(0, 80) : String(error)}`,
    }
  }
  const feeds = Object.fromEntries(
    program.inputs.map((input, i) => [inputName(i), hostTensorOf(input, shapeAt(input.dims, GENERATED_AT))]),
  )
  const finite = Object.values(wanted.results).every(({ data }) => data.every(Number.isFinite))
  if (tested.name === 'webgpu' && !finite) return { outcome: 'refused', code: 'cpu: not finite' }
  const run: CompiledFunction = tested.compile(functionOf(program))
  try {
    compare(await run(tested.place({}), feeds), wanted, tested.name)
    return { outcome: 'equal' }
  } catch (error) {
    if (error instanceof Finding) throw error
    return refusal(error, tested.name)
  } finally {
    run.dispose()
  }
}

const checkExport = async (program: Program): Promise<Verdict> => {
  let file: Uint8Array
  try {
    const inputs = Object.fromEntries(
      program.inputs.map(({ dtype, dims }, i) => [inputName(i), { dtype, shape: dims }]),
    )
    file = exportOnnx(functionOf(program), {}, { inputs })
  } catch (error) {
    return refusal(error, 'export')
  }
  const isOpen = program.inputs.some(({ dims }) => dims.some((d) => typeof d === 'string'))
  const session = await InferenceSession.create(file, SESSION).catch((error: unknown) => {
    throw new Finding(`exported: ${error instanceof Error ? error.message : String(error)}`)
  })
  try {
    for (const sizes of isOpen ? RUN_AT : [GENERATED_AT]) {
      const inputs = isOpen ? resized(program, sizes) : program.inputs
      const wanted = wantedOf(program, inputs, sizes)
      const where = isOpen ? `exported, B = ${sizes.B}, S = ${sizes.S}` : 'exported'
      compare(await runSession(session, inputs, sizes, where), wanted, where)
    }
    return { outcome: 'equal' }
  } finally {
    await session.release()
  }
}

/** Inputs of other sizes, with elements of their own. */
const resized = ({ inputs }: Program, sizes: Sizes): ProgramInput[] =>
  inputs.map((input, i) => {
    const random = createRandom('resized', i, sizes.B, sizes.S)
    const size = sizeOf(shapeAt(input.dims, sizes))
    return input.dims.every((d) => typeof d === 'number')
      ? input
      : { ...input, data: drawData({ random, special: false }, input.dtype, size) }
  })

const runSession = async (
  session: InferenceSession,
  inputs: readonly ProgramInput[],
  sizes: Sizes,
  where: string,
): Promise<HostTensors> => {
  const feeds: Record<string, Tensor> = {}
  inputs.forEach((input, i) => {
    const name = inputName(i)
    const { dtype, data, shape } = hostTensorOf(input, shapeAt(input.dims, sizes))
    if (session.inputNames.includes(name)) feeds[name] = new Tensor(dtype, data, shape)
  })
  const outputs = await session.run(feeds).catch((error: unknown) => {
    throw new Finding(`${where}: ${error instanceof Error ? error.message : String(error)}`)
  })
  return Object.fromEntries(
    Object.entries(outputs).map(([name, { dims, data }]): [string, HostTensor] => {
      const shape = [...dims]
      if (data instanceof Int32Array) return [name, { dtype: 'int32', shape, data }]
      if (data instanceof Uint8Array) return [name, { dtype: 'bool', shape, data }]
      if (data instanceof Float32Array) return [name, { dtype: 'float32', shape, data }]
      throw new Finding(`${where}: ${name} has another element type`, name)
    }),
  )
}

/** The result with the gradient by an input. */
export const gradientResult = (input: number): string => gradientName(inputName(input))
