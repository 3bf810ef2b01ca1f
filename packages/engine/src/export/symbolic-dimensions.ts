import { defined, KicError } from '@kic/core'
import type { EngineErrorCode } from '../error-code.ts'
import type { Constant, Graph, Node, Value } from '../record/graph.ts'
import { nextValueId } from '../record/next-value-id.ts'

/** A symbolic axis with the two sizes at which a function is recorded. */
export interface Axis {
  readonly name: string
  readonly sizes: readonly [number, number]
}

/** A dimension in terms of the symbolic axes: `factor · Π axes`. */
export interface SymbolicSize {
  readonly factor: number
  /** Names of axes, repeated for powers. */
  readonly axes: readonly string[]
}

/** Primes: first those above every usual head or class count, then smaller ones for axes that cannot be longer. */
const CANDIDATES = [
  29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 23, 19, 17, 13, 11, 7, 5, 3, 2,
] as const

/**
 * Two sizes for each axis: primes, so that products reveal them, and where possible ones that divide no fixed dimension
 * of the function.
 *
 * @param limits the largest size of an axis, if it has one
 * @throws KicError `engine/export-axes`
 */
export const chooseAxes = (
  names: readonly string[],
  fixed: readonly number[],
  limits: Readonly<Record<string, number>> = {},
): readonly Axis[] => {
  const limitOf = (name: string): number => limits[name] ?? Number.POSITIVE_INFINITY
  const divides = (prime: number): boolean => fixed.some((d) => d % prime === 0)
  const free = new Set<number>([...CANDIDATES.filter((p) => !divides(p)), ...CANDIDATES.filter(divides)])
  const chosen = new Map<string, Axis>()
  for (const name of [...names].sort((a, b) => limitOf(a) - limitOf(b))) {
    const [first, second] = [...free].filter((prime) => prime <= limitOf(name))
    if (first === undefined || second === undefined) {
      const limit = limits[name] === undefined ? '' : ` of at most ${limits[name]}`
      throw new KicError<EngineErrorCode>(
        'engine/export-axes',
        `exportOnnx: two unused sizes must be left for each symbolic axis, received none for "${name}"${limit} among the ` +
          `axes ${names.join(', ')}. Use fewer symbolic axes, and fixed sizes for the others.`,
      )
    }
    chosen.set(name, { name, sizes: [first, second] })
    free.delete(first)
    free.delete(second)
  }
  return names.map((name) => defined(chosen.get(name)))
}

/** The number of times that `prime` divides a number. */
const power = (value: number, prime: number): number => {
  let count = 0
  for (let rest = value; rest !== 0 && rest % prime === 0; rest /= prime) count++
  return count
}

/**
 * A number from two recordings as a product of symbolic axes.
 *
 * @returns `undefined` if it is no such product, such as the sum of an axis and a constant
 */
export const symbolicSize = (
  first: number,
  second: number,
  axes: readonly Axis[],
): SymbolicSize | undefined => {
  // No axis has the same size twice, so equal numbers depend on no axis.
  if (first === second) return { factor: first, axes: [] }
  const found: string[] = []
  let [a, b] = [first, second]
  for (const { name, sizes } of axes) {
    // A constant factor adds to the powers of the two sizes differently.
    const times = Math.min(power(first, sizes[0]), power(second, sizes[1]))
    for (let i = 0; i < times; i++) found.push(name)
    a /= sizes[0] ** times
    b /= sizes[1] ** times
  }
  return a === b ? { factor: a, axes: found } : undefined
}

/** A shape with names for symbolic dimensions, such as `['batch', 'sequence', 768]`. */
export const symbolicShape = (
  first: readonly number[],
  second: readonly number[],
  axes: readonly Axis[],
): readonly (number | string)[] =>
  first.map((d, i) => {
    const size = symbolicSize(d, defined(second[i]), axes)
    if (size === undefined) return 'unknown'
    if (size.axes.length === 0) return size.factor
    return [...(size.factor === 1 ? [] : [size.factor]), ...size.axes].join('*')
  })

/**
 * One graph for all sizes of the symbolic axes, from two recordings at different sizes. Constants that differ between
 * them are computed from the shapes of the inputs.
 *
 * @param sources an input per axis, and the position of the axis in its shape
 * @throws KicError `engine/export-shape` if a size is no product of axes and constants
 */
export const symbolicGraph = (
  first: Graph,
  second: Graph,
  axes: readonly Axis[],
  sources: ReadonlyMap<string, { readonly input: Value; readonly position: number }>,
): Graph => {
  if (!sameStructure(first, second)) {
    throw new KicError<EngineErrorCode>(
      'engine/export-shape',
      'exportOnnx: the operations must not depend on the sizes of symbolic axes, received different operations for ' +
        'different sizes, such as a loop over the sequence. Export with fixed sizes.',
    )
  }
  const builder = new SizeNodes(first, axes, sources)
  const others = new Map(second.constants.map((constant) => [constant.value.id, constant]))
  const kept: Constant[] = []
  for (const constant of first.constants) {
    const other = others.get(constant.value.id)
    if (other === undefined || sameConstant(constant, other)) kept.push(constant)
    else builder.compute(constant, other)
  }
  return {
    ...first,
    constants: [...kept, ...builder.constants],
    nodes: [...builder.nodes, ...first.nodes],
  }
}

const sameStructure = (a: Graph, b: Graph): boolean =>
  a.nodes.length === b.nodes.length &&
  a.nodes.every((node, i) => {
    const other = b.nodes[i]
    return (
      other !== undefined &&
      node.op === other.op &&
      `${node.inputs.map((v) => v?.id)}` === `${other.inputs.map((v) => v?.id)}` &&
      JSON.stringify(node.attributes) === JSON.stringify(other.attributes)
    )
  })

const sameConstant = (a: Constant, b: Constant): boolean => {
  if (`${a.value.shape}` !== `${b.value.shape}` || a.data.kind !== b.data.kind) return false
  if (a.data.kind === 'fill') return b.data.kind === 'fill' && Object.is(a.data.value, b.data.value)
  return b.data.kind === 'array' && `${a.data.data}` === `${b.data.data}`
}

/** Creates the nodes that compute sizes, each once. */
class SizeNodes {
  readonly nodes: Node[] = []
  readonly constants: Constant[] = []
  readonly #axisValues = new Map<string, Value>()
  readonly #shapes = new Map<number, Value>()
  #nextId: number
  readonly #axes: readonly Axis[]
  readonly #sources: ReadonlyMap<string, { readonly input: Value; readonly position: number }>

  constructor(
    graph: Graph,
    axes: readonly Axis[],
    sources: ReadonlyMap<string, { readonly input: Value; readonly position: number }>,
  ) {
    this.#axes = axes
    this.#sources = sources
    this.#nextId = nextValueId(graph)
  }

  /** Replaces a constant whose elements or shape depend on symbolic axes by nodes. */
  compute(first: Constant, second: Constant): void {
    const { value, data } = first
    if (data.kind === 'fill' && second.data.kind === 'fill' && Object.is(data.value, second.data.value)) {
      const shape = this.#vector(value.shape, second.value.shape)
      const scalar = this.#constant(value.dtype, [], { kind: 'fill', value: data.value })
      this.#add('Expand', [scalar, shape], value)
      return
    }
    const [numbers, others] = [elements(first), elements(second)]
    if (value.dtype !== 'int64' || numbers.length !== others.length) throw unsupported(first)
    this.#vector(numbers, others, value)
  }

  /** An int64 vector of constants and products of axes. */
  #vector(first: readonly number[], second: readonly number[], into?: Value): Value {
    const parts = first.map((number, i) => {
      const size = symbolicSize(number, defined(second[i]), this.#axes)
      if (size === undefined) {
        throw new KicError<EngineErrorCode>(
          'engine/export-shape',
          `exportOnnx: a size must be a product of ${this.#axes.map((axis) => axis.name).join(', ')} and constants, ` +
            `received ${number} in one recording and ${second[i]} in another. Export with fixed sizes.`,
        )
      }
      return this.#product(size)
    })
    const target = into ?? this.#value('int64', [first.length])
    if (target.shape.length === 0) this.#add('Reshape', [defined(parts[0]), this.#ints([])], target)
    else this.#add('Concat', parts, target, { axis: 0 })
    return target
  }

  #product({ factor, axes }: SymbolicSize): Value {
    const values = axes.map((axis) => this.#axis(axis))
    if (factor !== 1 || values.length === 0) values.unshift(this.#ints([factor]))
    return values.reduce((a, b) => this.#add('Mul', [a, b], this.#value('int64', [1])))
  }

  #axis(name: string): Value {
    const known = this.#axisValues.get(name)
    if (known !== undefined) return known
    const source = this.#sources.get(name)
    if (source === undefined)
      throw new KicError<EngineErrorCode>('engine/internal', `exportOnnx: no input has the axis ${name}`)
    let shape = this.#shapes.get(source.input.id)
    if (shape === undefined) {
      shape = this.#add('Shape', [source.input], this.#value('int64', [source.input.shape.length]))
      this.#shapes.set(source.input.id, shape)
    }
    const picked = this.#add('Gather', [shape, this.#ints([source.position])], this.#value('int64', [1]), {
      axis: 0,
    })
    this.#axisValues.set(name, picked)
    return picked
  }

  #value(dtype: Value['dtype'], shape: readonly number[]): Value {
    return { id: this.#nextId++, dtype, shape }
  }

  #constant(dtype: Value['dtype'], shape: readonly number[], data: Constant['data']): Value {
    const value = this.#value(dtype, shape)
    this.constants.push({ value, data })
    return value
  }

  #ints(numbers: readonly number[]): Value {
    return this.#constant('int64', [numbers.length], {
      kind: 'array',
      data: BigInt64Array.from(numbers, BigInt),
    })
  }

  #add(op: string, inputs: readonly Value[], output: Value, attributes: Node['attributes'] = {}): Value {
    this.nodes.push({ op, domain: '', inputs, outputs: [output], attributes, origin: new Error(op) })
    return output
  }
}

const elements = ({ value, data }: Constant): number[] =>
  data.kind === 'fill'
    ? new Array<number>(value.shape.reduce((a, b) => a * b, 1)).fill(data.value)
    : Array.from(data.data, Number)

const unsupported = ({ value }: Constant): KicError =>
  new KicError<EngineErrorCode>(
    'engine/export-shape',
    `exportOnnx: constants must not depend on a symbolic axis, received a ${value.dtype} constant of shape ` +
      `[${value.shape}] that does. Compute it from the inputs, or export with fixed sizes.`,
  )
