import { KicError } from '@kic/core'
import { type backend_util, util } from '@tensorflow/tfjs'
import type { EngineErrorCode } from '../error-code.ts'
import type { Value } from './graph.ts'
import type { GraphBuilder } from './graph-builder.ts'

/** The ways TensorFlow.js states a padding. */
export type Padding = Parameters<typeof backend_util.computeConv2DInfo>[4]

/** One call of a TensorFlow.js kernel, as a translation sees it. */
export interface KernelCall {
  readonly kernel: string
  readonly g: GraphBuilder
  /** The input of that name. */
  readonly input: (name: string) => Value
  /** The input of that name, for kernels with optional inputs. */
  readonly optional: (name: string) => Value | undefined
  /** All inputs of a kernel that takes a list (Concat, Pack, AddN). */
  readonly inputs: readonly Value[]
  /** Attributes of the kernel, checked when read. */
  readonly attributes: KernelAttributes
}

/** Turns a kernel call into graph nodes and returns its output, or its outputs. */
export type Translation = (call: KernelCall) => Value | readonly Value[]

/** Translations by kernel name. A new kernel needs one entry. */
export type TranslationTable = Readonly<Record<string, Translation>>

/** Reads a kernel's attributes with their types checked. */
export class KernelAttributes {
  readonly #kernel: string
  readonly #values: Readonly<Record<string, unknown>>

  constructor(kernel: string, values: Readonly<Record<string, unknown>>) {
    this.#kernel = kernel
    this.#values = values
  }

  #fail(name: string, wanted: string): never {
    throw new KicError<EngineErrorCode>(
      'engine/attribute',
      `${this.#kernel}: attribute "${name}" must be ${wanted}, received ${JSON.stringify(this.#values[name])}. Correct it.`,
    )
  }

  number(name: string): number {
    const value = this.#values[name]
    return typeof value === 'number' ? value : this.#fail(name, 'a number')
  }

  flag(name: string): boolean {
    const value = this.#values[name] ?? false
    return typeof value === 'boolean' ? value : this.#fail(name, 'a boolean')
  }

  text(name: string): string {
    const value = this.#values[name]
    return typeof value === 'string' ? value : this.#fail(name, 'a string')
  }

  numbers(name: string): readonly number[] {
    const value = this.#values[name]
    if (typeof value === 'number') return [value]
    return Array.isArray(value) && value.every((x) => typeof x === 'number')
      ? value
      : this.#fail(name, 'numbers')
  }

  /** Whether the attribute was given as a list, where a single number means something else. */
  isList(name: string): boolean {
    return Array.isArray(this.#values[name])
  }

  pairs(name: string): readonly (readonly [number, number])[] {
    const value = this.#values[name]
    if (!Array.isArray(value)) return this.#fail(name, 'pairs of numbers')
    return value.map((pair) => [Number(pair[0]), Number(pair[1])] as const)
  }

  /** The padding of a convolution or pooling. */
  padding(name: string): Padding {
    const value = this.#values[name]
    if (typeof value === 'number' || value === 'valid' || value === 'same') return value
    const [n, h, w, c] = this.pairs(name).map(([before, after]): [number, number] => [before, after])
    if (n === undefined || h === undefined || w === undefined || c === undefined) {
      return this.#fail(name, "'valid', 'same', a number or four pairs of numbers")
    }
    return [n, h, w, c]
  }

  has(name: string): boolean {
    return this.#values[name] !== undefined && this.#values[name] !== null
  }

  /** Axes as non-negative integers; all axes if the attribute is absent. */
  axes(name: string, rank: number): readonly number[] {
    if (!this.has(name)) return Array.from({ length: rank }, (_, i) => i)
    return util.parseAxisParam([...this.numbers(name)], new Array<number>(rank).fill(1))
  }

  /** An attribute that is one axis, as a non-negative integer. */
  axis(name: string, rank: number): number {
    const [axis] = this.axes(name, rank)
    return axis ?? this.#fail(name, 'an axis')
  }
}
