import { defined, KicError } from '@kic/core'
import type { EngineErrorCode } from '../error-code.ts'
import type { AdamWScalars } from './adamw.ts'
import { ADAMW_MODULE } from './adamw-module.ts'
import type { TableRows } from './live-rows.ts'

/** The optimizer's arrays of one parameter: views of WebAssembly memory, all of the same length. */
export interface ParameterSlots {
  readonly parameter: Float32Array<ArrayBuffer>
  readonly gradient: Float32Array<ArrayBuffer>
  readonly m: Float32Array<ArrayBuffer>
  readonly v: Float32Array<ArrayBuffer>
  /** Sum of gradients over micro-batches; takes only address space until it is used. */
  readonly sum: Float32Array<ArrayBuffer>
}

interface AdamWExports {
  sumOfSquares(x: number, n: number): number
  accumulate(sum: number, x: number, n: number): void
  scale(x: number, n: number, factor: number): void
  adamw(p: number, g: number, m: number, v: number, n: number, ...scalars: number[]): void
}

interface Home extends ParameterSlots {
  readonly exports: AdamWExports
  /** Number of elements, padded to whole cache lines. */
  readonly padded: number
}

const SLOTS = ['parameter', 'gradient', 'm', 'v', 'sum'] as const
const LINE_ELEMENTS = 16
const PAGE_BYTES = 65_536
/** Below WebAssembly's limit of 4 GiB, and above the largest embedding in use. */
const MEMORY_BYTES = 0xf000_0000

/**
 * Keeps parameters, gradients and moments side by side in WebAssembly memory, where SIMD code updates them in one pass.
 * ONNX Runtime reads and writes the same bytes. Models beyond 4 GiB are spread over several memories.
 */
export class OptimizerMemory {
  readonly #homes = new Map<string, Home>()

  /** @param sizes elements of each parameter, by name. */
  constructor(sizes: ReadonlyMap<string, number>) {
    for (const names of memories(sizes)) this.#allot(names, sizes)
  }

  #allot(names: readonly string[], sizes: ReadonlyMap<string, number>): void {
    const bytes = names.reduce((sum, name) => sum + bytesOf(defined(sizes.get(name))), 0)
    const memory = new WebAssembly.Memory({ initial: Math.max(1, Math.ceil(bytes / PAGE_BYTES)) })
    const exports = instantiate(memory)
    let offset = 0
    for (const name of names) {
      const size = defined(sizes.get(name))
      const padded = paddedSize(size)
      const views = SLOTS.map((slot, i) => [
        slot,
        new Float32Array(memory.buffer, offset + 4 * padded * i, size),
      ])
      const slots: ParameterSlots = Object.fromEntries(views)
      this.#homes.set(name, { ...slots, exports, padded })
      offset += bytesOf(size)
    }
  }

  slots(name: string): ParameterSlots {
    return this.#home(name)
  }

  #home(name: string): Home {
    const home = this.#homes.get(name)
    if (home === undefined)
      throw new KicError<EngineErrorCode>('engine/internal', `OptimizerMemory: no parameter "${name}"`)
    return home
  }

  /**
   * Sum of squares of the gradient, or of the accumulated one. If only some rows are live, it is summed row by row, so
   * the result does not depend on the selection.
   */
  sumOfSquares(name: string, source: 'gradient' | 'sum', rows?: TableRows): number {
    const { exports, padded, [source]: x } = this.#home(name)
    if (rows === undefined) return exports.sumOfSquares(x.byteOffset, padded)
    let sum = 0
    for (const { first, end, live } of rows.runs()) {
      if (!live) continue
      for (let row = first; row < end; row++) {
        sum += exports.sumOfSquares(x.byteOffset + 4 * rows.width * row, rows.width)
      }
    }
    return sum
  }

  /** sum ← gradient for the first micro-batch, sum ← sum + gradient for the others. */
  accumulate(name: string, first: boolean): void {
    const { exports, padded, sum, gradient } = this.#home(name)
    if (first) sum.set(gradient)
    else exports.accumulate(sum.byteOffset, gradient.byteOffset, padded)
  }

  /** One AdamW update. If only some rows are live, the others only decay. */
  update(
    name: string,
    source: 'gradient' | 'sum',
    gradScale: number,
    { beta1, beta2, epsilon, decay, decayAfter, stepSize, rootScale }: AdamWScalars,
    rows?: TableRows,
  ): void {
    const { exports, padded, parameter, m, v, [source]: gradient } = this.#home(name)
    const updatePart = (offset: number, size: number): void =>
      exports.adamw(
        parameter.byteOffset + offset,
        gradient.byteOffset + offset,
        m.byteOffset + offset,
        v.byteOffset + offset,
        size,
        gradScale,
        beta1,
        1 - beta1,
        beta2,
        1 - beta2,
        epsilon,
        decayAfter ? 1 : decay,
        decayAfter ? decay : 1,
        stepSize,
        rootScale,
      )
    if (rows === undefined) {
      updatePart(0, padded)
      return
    }
    for (const { first, end, live } of rows.runs()) {
      const [offset, size] = [4 * rows.width * first, rows.width * (end - first)]
      if (live) updatePart(offset, size)
      else if (decay !== 1) exports.scale(parameter.byteOffset + offset, size, decay)
    }
  }
}

const paddedSize = (size: number): number => Math.ceil(size / LINE_ELEMENTS) * LINE_ELEMENTS
const bytesOf = (size: number): number => SLOTS.length * 4 * paddedSize(size)

/** Names in groups, each of which fits into one memory. */
const memories = (sizes: ReadonlyMap<string, number>): string[][] => {
  const groups: string[][] = []
  let room = 0
  for (const [name, size] of sizes) {
    const bytes = bytesOf(size)
    if (bytes > MEMORY_BYTES) {
      throw new KicError<EngineErrorCode>(
        'engine/parameter-too-large',
        `trainStep: a trainable parameter must have at most ${Math.floor(MEMORY_BYTES / 20)} elements, received "${name}" with ${size}. ` +
          'Freeze it or split it.',
      )
    }
    const last = groups.at(-1)
    if (last !== undefined && bytes <= room) {
      last.push(name)
      room -= bytes
    } else {
      groups.push([name])
      room = MEMORY_BYTES - bytes
    }
  }
  return groups
}

let compiled: WebAssembly.Module | undefined

const instantiate = (memory: WebAssembly.Memory): AdamWExports => {
  compiled ??= new WebAssembly.Module(Uint8Array.from(atob(ADAMW_MODULE), (c) => c.charCodeAt(0)))
  const { exports } = new WebAssembly.Instance(compiled, { env: { memory } })
  const named = (name: string): ((...args: number[]) => number) => {
    const found = exports[name]
    if (typeof found !== 'function')
      throw new KicError<EngineErrorCode>('engine/internal', `the optimizer module lacks ${name}`)
    return (...args) => Number(found(...args))
  }
  const [sumOfSquares, accumulate] = [named('sumOfSquares'), named('accumulate')]
  return { sumOfSquares, accumulate, scale: named('scale'), adamw: named('adamw') }
}
