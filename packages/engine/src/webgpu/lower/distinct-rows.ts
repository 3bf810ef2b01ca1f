import { defined, KicError } from '@kic/core'
import type { HostTensor, HostTensors } from '@kic/safetensors'
import type { EngineErrorCode } from '../../error-code.ts'
import { type Graph, type Node, sizeOf, type Value } from '../../record/graph.ts'
import type { GraphBuilder } from '../../record/graph-builder.ts'
import { sumOfRows } from './products.ts'

/** The rows of a table that a feed names: two inputs of the graph that the host computes. */
export interface DistinctRows {
  /** The graph's input with the feed. */
  readonly feed: string
  /** Rows of the table. */
  readonly count: number
  /** The input with as many different rows as the feed has elements, int32 [N]; those it does not name come last. */
  readonly rows: string
  /** The input with the position in `rows` of each element of the feed, int32 [N]. */
  readonly slots: string
}

/**
 * Sums of scattered rows. If a feed names the rows, as in the gradient of an embedding, the graph adds up only the rows
 * of the batch and places each sum once, so its cost does not depend on the size of the table.
 */
export class DistinctRowSums {
  readonly #known = new Map<string, DistinctRows & { readonly values: readonly [Value, Value] }>()
  readonly #g: GraphBuilder
  readonly #feedOf: (value: Value) => string | undefined
  readonly #newValue: (value: Value) => Value

  constructor(g: GraphBuilder, graph: Graph, newValue: (value: Value) => Value) {
    this.#g = g
    this.#newValue = newValue
    const names = new Map(graph.inputs.map(({ name, value }) => [value.id, name]))
    const producers = new Map(
      graph.nodes.flatMap((node) => node.outputs.map(({ id }) => [id, node] as const)),
    )
    this.#feedOf = (value) => {
      const producer = producers.get(value.id)
      if (producer === undefined) return value.dtype === 'int32' ? names.get(value.id) : undefined
      const [source] = producer.inputs
      return producer.op === 'Reshape' && source !== undefined ? this.#feedOf(source) : undefined
    }
  }

  get inputs(): readonly DistinctRows[] {
    return [...this.#known.values()]
  }

  /** The sum of a recorded node. */
  of({ inputs: [indices, rows], outputs: [output] }: Node): Value {
    const g = this.#g
    const [index, addends] = [this.#newValue(defined(indices)), this.#newValue(defined(rows))]
    const [count, inner] = [defined(output?.shape[0]), defined(output?.shape[1])]
    const feed = this.#feedOf(defined(indices))
    const n = sizeOf(index.shape)
    if (feed === undefined || n >= count) return sumOfRows(g, index, addends, count)
    const [distinct, slots] = this.#inputsFor(feed, count, n)
    const sums = sumOfRows(g, slots, addends, n)
    const places = g.cast(g.reshape(distinct, [n, 1]), 'int64')
    const zeros = g.fill(0, addends.dtype, [count, inner])
    return g.node('ScatterND', [zeros, places, sums], addends.dtype, [count, inner])
  }

  #inputsFor(feed: string, count: number, n: number): readonly [rows: Value, slots: Value] {
    const key = `${feed}/${count}`
    const known = this.#known.get(key)
    if (known !== undefined) return known.values
    const [rows, slots] = [`rows/${key}`, `slots/${key}`]
    const values = [this.#g.input(rows, 'int32', [n]), this.#g.input(slots, 'int32', [n])] as const
    this.#known.set(key, { feed, count, rows, slots, values })
    return values
  }
}

/**
 * The inputs that a graph derives from its feeds.
 *
 * @throws KicError `engine/index-out-of-range`
 */
export const distinctRowFeeds = (
  distinct: readonly DistinctRows[],
  feeds: HostTensors,
): Record<string, HostTensor> => {
  const derived: Record<string, HostTensor> = {}
  for (const { feed, count, rows, slots } of distinct) {
    const { data } = defined(feeds[feed])
    const slotOf = new Map<number, number>()
    const slot = Int32Array.from(data, (row) => {
      if (row < 0 || row >= count) throw outOfRange(feed, row, count)
      const known = slotOf.get(row) ?? slotOf.size
      slotOf.set(row, known)
      return known
    })
    // The other rows receive sums of nothing.
    for (let row = 0; slotOf.size < data.length; row++) if (!slotOf.has(row)) slotOf.set(row, slotOf.size)
    const shape = [data.length]
    derived[rows] = { dtype: 'int32', shape, data: Int32Array.from(slotOf.keys()) }
    derived[slots] = { dtype: 'int32', shape, data: slot }
  }
  return derived
}

const outOfRange = (feed: string, row: number, count: number): KicError =>
  new KicError<EngineErrorCode>(
    'engine/index-out-of-range',
    `trainStep: an index of "${feed.replace(/^feed\//, '')}" must be in [0, ${count}), received ${row}. Correct the ids.`,
  )
