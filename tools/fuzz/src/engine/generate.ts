import { createRandom } from '@kic/core'
import type * as tf from '@tensorflow/tfjs'
import { operations } from './operations/operations.ts'
import { awayFrom, type Candidate, grainOf, type Operation, Pool, type PoolValue } from './pool.ts'
import {
  applyStep,
  type Dimension,
  type DType,
  GENERATED_AT,
  type Loss,
  type LossTerm,
  type Program,
  type ProgramInput,
  type Step,
  shapeAt,
  sizeOf,
} from './program.ts'
import { deviation, disturbed } from './rounding.ts'
import { tensorOf } from './tensors.ts'
import { tidied } from './tidied.ts'

/** How a program is run: forward, with gradients, or as an exported file. */
export type Kind = 'inference' | 'training' | 'export'

export interface Generated {
  readonly kind: Kind
  readonly program: Program
  /** Names of the operations that were drawn. */
  readonly drawn: readonly string[]
}

/** Elements of the largest value, and of the largest with open axes. */
const LARGEST_SIZE = { closed: 600, open: 6000 }
const LARGEST_NUMBER = 1e5
/** Integers up to here are exact in float32, too. */
const LARGEST_INTEGER = 2 ** 24
/** A value that rounding changes by a larger share is no basis for a comparison. */
const UNSTABLE = 1e-4

/** Program number `index` of a seed: the same on every machine. */
export const generate = (seed: number, index: number): Generated =>
  tidied(() => {
    const random = createRandom('engine-fuzz', seed, index)
    const kind = random.pick<Kind>(['training', 'training', 'inference', 'inference', 'export'])
    const open = kind === 'export' && random.next() < 0.8
    const special = kind !== 'training' && !open && random.next() < 0.2
    const pool = new Pool(random, { open, special, training: kind === 'training' })
    const inputs = drawInputs(pool)
    inputs.forEach((input) => {
      const tensor = tensorOf(input, shapeAt(input.dims, GENERATED_AT))
      const reaches = input.dtype === 'float32'
      pool.values.push({ ...poolValue(pool, tensor, tensor, true, reaches, true), given: true })
    })
    const steps: Step[] = []
    const drawn: string[] = []
    const usable = operations.filter(
      (op) => (!pool.open || op.open !== false) && (!pool.special || op.special),
    )
    const wanted = pool.between(3, 12)
    for (let attempt = 0; attempt < 4 * wanted && steps.length < wanted; attempt++) {
      const operation = weighted(pool, usable)
      const made = trySteps(pool, operation)
      steps.push(...made)
      if (made.length > 0) drawn.push(operation.name)
    }
    const outputs = drawOutputs(pool, inputs.length, steps)
    const loss = kind === 'training' ? drawLoss(pool, inputs, outputs) : undefined
    return {
      kind: kind === 'training' && loss === undefined ? 'inference' : kind,
      program: { inputs, steps, outputs, loss },
      drawn,
    }
  })

const weighted = (pool: Pool, usable: readonly Operation[]): Operation => {
  const total = usable.reduce((sum, { weight = 1 }) => sum + weight, 0)
  let left = pool.random.next() * total
  for (const operation of usable) {
    left -= operation.weight ?? 1
    if (left < 0) return operation
  }
  return pool.one(usable)
}

/** A shape that all inputs are cut from, so that many of them can be broadcast together. */
const drawMaster = (pool: Pool): readonly Dimension[] => {
  const rank = pool.one([0, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 5])
  const sizes = pool.open ? [1, 2, 3, 4] : rank > 3 ? [1, 2, 2, 3] : [1, 2, 3, 4, 5]
  const master: Dimension[] = Array.from({ length: rank }, () =>
    !pool.open && pool.chance(0.02) ? 0 : pool.one(sizes),
  )
  if (!pool.open) return master
  const rest = master.slice(0, 2)
  return pool.chance(0.4) ? ['B', 'S', ...rest] : ['B', ...rest]
}

const drawInputs = (pool: Pool): readonly ProgramInput[] => {
  const master = drawMaster(pool)
  return Array.from({ length: pool.between(2, 4) }, (_, i): ProgramInput => {
    const dims =
      i === 0
        ? master
        : master
            .slice(pool.chance(0.3) ? pool.random.int(master.length + 1) : 0)
            .map((d) => (pool.chance(0.2) ? 1 : d))
    const dtype: DType =
      i === 0 ? 'float32' : pool.one(['float32', 'float32', 'float32', 'int32', 'int32', 'bool'] as const)
    return { dtype, dims, data: drawData(pool, dtype, sizeOf(shapeAt(dims, GENERATED_AT))) }
  })
}

/** Elements of an input: small multiples of an eighth, which sums and products keep exact, or any numbers. */
export const drawData = (
  pool: Pick<Pool, 'random' | 'special'>,
  dtype: DType,
  size: number,
): readonly number[] => {
  const { random, special } = pool
  const dyadic = random.next() < 0.7
  return Array.from({ length: size }, () => {
    if (dtype === 'bool') return random.int(2)
    if (dtype === 'int32') return random.int(9) - 3
    if (special && random.next() < 0.15) return random.pick([Number.NaN, Infinity, -Infinity, 0])
    return dyadic ? (random.int(49) - 24) / 8 : Math.fround(random.normal())
  })
}

/**
 * Whether rounding could turn a number into NaN or an infinity, or back: a number that is 0 on one engine only, times an
 * infinity, and functions whose domain ends at 0, 1 or -1.
 */
const isUndecided = (value: PoolValue, args: readonly PoolValue[]): boolean =>
  value.special && !args.every((arg) => awayFrom(arg, 0, 1, -1))

const isNumber = (value: number): boolean => Number.isFinite(value)

const poolValue = (
  pool: Pool,
  tensor: tf.Tensor,
  noisy: tf.Tensor,
  exact: boolean,
  reaches: boolean,
  clean: boolean,
): PoolValue => {
  const data = tensor.dataSync()
  let largest = 0
  let special = false
  for (const element of data) {
    if (isNumber(element)) largest = Math.max(largest, Math.abs(element))
    else special = true
  }
  const { dtype, shape } = tensor
  if (dtype !== 'float32' && dtype !== 'int32' && dtype !== 'bool')
    throw new Error(`a tensor of type ${dtype}`)
  const grain = exact ? grainOf(data) : Number.POSITIVE_INFINITY
  return {
    index: pool.values.length,
    tensor,
    disturbed: noisy,
    dtype,
    shape,
    data,
    largest,
    exact: exact || dtype !== 'float32',
    grain,
    given: false,
    settled: !pool.open,
    special,
    reaches,
    clean,
  }
}

/** Draws a call of an operation and computes it; no step where it is not possible or not well-conditioned. */
const trySteps = (pool: Pool, operation: Operation): readonly Step[] => {
  const candidate = operation.draw(pool)
  if (candidate === undefined) return []
  const steps: Step[] = []
  const add = (step: Candidate): PoolValue | undefined => {
    const value = computed(pool, step)
    if (value === undefined) return undefined
    pool.values.push(value)
    steps.push({ code: step.code, args: step.args.map(({ index }) => index), exact: value.exact })
    return value
  }
  const args = candidate.args.map((arg, i) => {
    const code = candidate.prepare?.[i]
    return code === undefined ? arg : add({ code, args: [arg] })
  })
  const ready = args.filter((arg) => arg !== undefined)
  if (ready.length === args.length) add({ ...candidate, args: ready })
  return steps
}

const computed = (
  pool: Pool,
  { code, args, exact = false, gradient = true }: Candidate,
): PoolValue | undefined => {
  let tensor: tf.Tensor
  let noisy: tf.Tensor
  try {
    tensor = applyStep(
      code,
      args.map((arg) => arg.tensor),
      GENERATED_AT,
    )
    if (tensor.size > (pool.open ? LARGEST_SIZE.open : LARGEST_SIZE.closed) || tensor.rank > 6)
      return undefined
    noisy = applyStep(
      code,
      args.map((arg) => arg.disturbed),
      GENERATED_AT,
    )
  } catch {
    // TensorFlow.js itself refuses it: no program.
    return undefined
  }
  if (!exact && tensor.dtype === 'float32') noisy = disturbed(noisy, pool.values.length)
  const reaches = args.some((arg) => arg.reaches)
  const clean = !reaches || (gradient && args.every((arg) => arg.clean))
  const value = poolValue(pool, tensor, noisy, exact, reaches, clean)
  if (value.special && !pool.special) return undefined
  if (isUndecided(value, args)) return undefined
  if (value.largest > (value.dtype === 'int32' ? LARGEST_INTEGER : LARGEST_NUMBER)) return undefined
  if (deviation(value.data, noisy.dataSync()) > UNSTABLE * value.largest) return undefined
  return value
}

/** What nothing else reads, and sometimes what something does. */
const drawOutputs = (pool: Pool, inputs: number, steps: readonly Step[]): readonly number[] => {
  const read = new Set(steps.flatMap(({ args }) => args))
  const made = pool.values.slice(inputs).map(({ index }) => index)
  const outputs = made.filter((index) => !read.has(index) || pool.chance(0.1))
  return outputs.length === 0 ? [0] : outputs
}

const drawLoss = (
  pool: Pool,
  inputs: readonly ProgramInput[],
  outputs: readonly number[],
): Loss | undefined => {
  const usable = pool.values.filter(
    ({ dtype, reaches, clean, index, tensor }) =>
      dtype === 'float32' && reaches && clean && index >= inputs.length && tensor.size > 0,
  )
  if (usable.length === 0) return undefined
  const last = usable.filter(({ index }) => outputs.includes(index))
  const terms = Array.from(
    { length: pool.between(1, 3) },
    (): LossTerm => ({
      value: pool.one(last.length > 0 && pool.chance(0.7) ? last : usable).index,
      reduction: pool.one(['sum', 'sum', 'mean', 'weighted']),
    }),
  )
  return { terms, by: inputs.flatMap(({ dtype }, i) => (dtype === 'float32' ? [i] : [])) }
}
