import { defined, KicError } from '@kic/core'
import type { HostTensor, HostTensors } from '@kic/safetensors'
import type { EngineErrorCode } from '../../error-code.ts'
import { withoutDead } from '../../optimize/scatter-rows.ts'
import { type Graph, type Node, sizeOf, type Value } from '../../record/graph.ts'
import type { GraphBuilder } from '../../record/graph-builder.ts'
import { sumOfRows } from './products.ts'
import { positions } from './selection.ts'

/** The rows of a table that a batch names: an input of the graph that the host computes. */
export interface DistinctRows {
  /** The feed with row numbers, or the output of the host's graph. */
  readonly numbers: string
  /** Rows of the table. */
  readonly count: number
  /** The input with as many different rows as there are numbers, int32 [N]; those that none names come last. */
  readonly rows: string
}

/**
 * Sums of scattered rows. If a batch names the rows, as in the gradient of an embedding, the graph adds up only the rows
 * of the batch and places each sum once, so its cost does not depend on the size of the table.
 */
export class DistinctRowSums {
  readonly #known = new Map<string, DistinctRows & { readonly value: Value }>()
  readonly #computed = new Map<string, Value>()
  readonly #g: GraphBuilder
  readonly #graph: Graph
  readonly #names: ReadonlyMap<number, string>
  readonly #producers: ReadonlyMap<number, Node>
  readonly #newValue: (value: Value) => Value

  constructor(g: GraphBuilder, graph: Graph, newValue: (value: Value) => Value) {
    this.#g = g
    this.#graph = graph
    this.#newValue = newValue
    this.#names = new Map(graph.inputs.map(({ name, value }) => [value.id, name]))
    this.#producers = new Map(
      graph.nodes.flatMap((node) => node.outputs.map(({ id }) => [id, node] as const)),
    )
  }

  get inputs(): readonly DistinctRows[] {
    return [...this.#known.values()]
  }

  /** The recorded graph of what is computed from feeds alone on the host, such as row numbers that are hashes. */
  get hostGraph(): Graph {
    const outputs = [...this.#computed].map(([name, value]) => ({ name, value }))
    return withoutDead({ ...this.#graph, outputs })
  }

  /** The sum of a recorded node. */
  of({ inputs: [indices, rows], outputs: [output] }: Node): Value {
    const g = this.#g
    const [index, addends] = [this.#newValue(defined(indices)), this.#newValue(defined(rows))]
    const [count, inner] = [defined(output?.shape[0]), defined(output?.shape[1])]
    const n = sizeOf(index.shape)
    const numbers = n < count ? this.#numbersOf(defined(indices)) : undefined
    const flat = g.reshape(index, [n])
    if (numbers === undefined) return sumOfRows(g, positions(g, count, 0, 1), flat, addends)
    const distinct = this.#inputFor(numbers, count, n)
    const sums = sumOfRows(g, distinct, flat, addends)
    const places = g.cast(g.reshape(distinct, [n, 1]), 'int64')
    const zeros = g.fill(0, addends.dtype, [count, inner])
    return g.node('ScatterND', [zeros, places, sums], addends.dtype, [count, inner])
  }

  /** The feed or the host's output with these numbers; `undefined` if they depend on anything but feeds. */
  #numbersOf(indices: Value): string | undefined {
    const source = this.#unshaped(indices)
    const name = this.#names.get(source.id)
    if (name !== undefined) return isFeed(name) && source.dtype === 'int32' ? name : undefined
    const output = `numbers/${source.id}`
    return this.onHost(output, source) ? output : undefined
  }

  /** Makes the host compute a recorded value under a name; false if it depends on anything but feeds. */
  onHost(name: string, value: Value): boolean {
    if (!this.#dependsOnFeeds(value, new Set())) return false
    this.#computed.set(name, value)
    return true
  }

  #unshaped(value: Value): Value {
    const producer = this.#producers.get(value.id)
    const [source] = producer?.inputs ?? []
    return producer?.op === 'Reshape' && source !== undefined ? this.#unshaped(source) : value
  }

  #dependsOnFeeds(value: Value, seen: Set<number>): boolean {
    if (seen.has(value.id)) return true
    seen.add(value.id)
    const name = this.#names.get(value.id)
    if (name !== undefined) return isFeed(name)
    const inputs = this.#producers.get(value.id)?.inputs ?? []
    return inputs.every((input) => input === undefined || this.#dependsOnFeeds(input, seen))
  }

  #inputFor(numbers: string, count: number, n: number): Value {
    const key = `${numbers}/${count}`
    const known = this.#known.get(key)
    if (known !== undefined) return known.value
    const rows = `rows/${key}`
    const value = this.#g.input(rows, 'int32', [n])
    this.#known.set(key, { numbers, count, rows, value })
    return value
  }
}

/**
 * The inputs that a graph derives from row numbers.
 *
 * @throws KicError `engine/index-out-of-range`
 */
export const distinctRowFeeds = (
  distinct: readonly DistinctRows[],
  numbersOf: HostTensors,
): Record<string, HostTensor> => {
  const derived: Record<string, HostTensor> = {}
  for (const { numbers, count, rows } of distinct) {
    const { data } = defined(numbersOf[numbers])
    const wrong = data.find((row) => row < 0 || row >= count)
    if (wrong !== undefined) throw outOfRange(numbers, wrong, count)
    const named = new Set(data)
    // The other rows receive sums of nothing.
    for (let row = 0; named.size < data.length; row++) named.add(row)
    derived[rows] = { dtype: 'int32', shape: [data.length], data: Int32Array.from(named) }
  }
  return derived
}

const isFeed = (name: string): boolean => name.startsWith('feed/')

const outOfRange = (numbers: string, row: number, count: number): KicError =>
  new KicError<EngineErrorCode>(
    'engine/index-out-of-range',
    `trainStep: a row number ${isFeed(numbers) ? `of "${numbers.slice('feed/'.length)}" ` : ''}must be in [0, ${count}), ` +
      `received ${row}. Correct the ids.`,
  )
