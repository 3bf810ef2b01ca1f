import { defined } from '@kic/core'
import type { Constant, Graph, Node, Value } from '../record/graph.ts'
import { ONNX_TYPE } from '../record/graph-builder.ts'
import { SCATTER_ROWS } from '../record/kernels/scatter.ts'
import { nextValueId } from '../record/next-value-id.ts'
import { useCounts } from './fuse-bias.ts'

/** Rows to add to an output after the graph has run. */
export interface RowSum {
  /** The output to which the rows belong. */
  readonly output: string
  /** Outputs of the graph: row numbers, int32 [N], and rows, float32 [N, inner]. */
  readonly indices: string
  readonly rows: string
}

export interface SplitGraph {
  readonly graph: Graph
  readonly rowSums: readonly RowSum[]
  /** Outputs that consist only of row sums: the rest of their buffer is zero. */
  readonly sparse: ReadonlySet<string>
}

/**
 * Takes sums of scattered rows out of the graph if they end in an output, as the gradient of an embedding does. The
 * host then adds a few rows to a buffer, and the whole matrix is not written twice.
 */
export const splitRowSums = (graph: Graph): SplitGraph => {
  const uses = useCounts(graph)
  const producers = new Map(
    graph.nodes.flatMap((node) => node.outputs.map((value) => [value.id, node] as const)),
  )
  /** The dense and the scattered addends of a value, as far as nothing else reads them. */
  const addends = (value: Value): { dense: Value[]; scattered: Node[] } => {
    const node = producers.get(value.id)
    if (node !== undefined && uses.get(value.id) === 1) {
      if (node.op === SCATTER_ROWS) return { dense: [], scattered: [node] }
      const [a, b] = node.inputs
      if (node.op === 'Add' && a !== undefined && b !== undefined && `${a.shape}` === `${b.shape}`) {
        const [left, right] = [addends(a), addends(b)]
        return {
          dense: [...left.dense, ...right.dense],
          scattered: [...left.scattered, ...right.scattered],
        }
      }
    }
    return { dense: [value], scattered: [] }
  }
  const outputs: { name: string; value: Value }[] = []
  const rowSums: RowSum[] = []
  const sparse = new Set<string>()
  for (const output of graph.outputs) {
    const { dense, scattered } = addends(output.value)
    if (scattered.length === 0 || dense.length > 1) {
      outputs.push(output)
      continue
    }
    const [rest] = dense
    if (rest === undefined) sparse.add(output.name)
    else outputs.push({ name: output.name, value: rest })
    scattered.forEach((node, i) => {
      const [indices, rows] = node.inputs
      if (indices === undefined || rows === undefined) return
      const sum = {
        output: output.name,
        indices: `${output.name}/indices.${i}`,
        rows: `${output.name}/rows.${i}`,
      }
      outputs.push({ name: sum.indices, value: indices }, { name: sum.rows, value: rows })
      rowSums.push(sum)
    })
  }
  return { graph: withoutDead({ ...graph, outputs }), rowSums, sparse }
}

/** The graph without nodes, constants and inputs that no output depends on. */
export const withoutDead = (graph: Graph): Graph => {
  const needed = new Set(graph.outputs.map(({ value }) => value.id))
  const nodes = graph.nodes.toReversed().filter((node) => {
    if (!node.outputs.some(({ id }) => needed.has(id))) return false
    for (const input of node.inputs) if (input !== undefined) needed.add(input.id)
    return true
  })
  return {
    inputs: graph.inputs.filter(({ value }) => needed.has(value.id)),
    constants: graph.constants.filter(({ value }) => needed.has(value.id)),
    nodes: nodes.reverse(),
    outputs: graph.outputs,
  }
}

/**
 * Lowers the remaining sums of scattered rows to ONNX operators. ScatterElements adds in order; ScatterND with a
 * reduction runs in parallel in ONNX Runtime and loses additions to rows that occur twice.
 */
export const lowerScatterRows = (graph: Graph): Graph => {
  let nextId = nextValueId(graph)
  const constants: Constant[] = [...graph.constants]
  const value = (dtype: Value['dtype'], shape: readonly number[]): Value => ({ id: nextId++, dtype, shape })
  const ints = (numbers: readonly number[]): Value => {
    const made = value('int64', [numbers.length])
    constants.push({ value: made, data: { kind: 'array', data: BigInt64Array.from(numbers, BigInt) } })
    return made
  }
  const nodes = graph.nodes.flatMap((node) => {
    if (node.op !== SCATTER_ROWS) return [node]
    const [indices, rows] = node.inputs
    const [output] = node.outputs
    if (indices === undefined || rows === undefined || output === undefined) return [node]
    const zeros = value(rows.dtype, output.shape)
    constants.push({ value: zeros, data: { kind: 'fill', value: 0 } })
    const [long, column, full] = [
      value('int64', indices.shape),
      value('int64', [defined(rows.shape[0]), 1]),
      value('int64', rows.shape),
    ]
    const make = (op: string, inputs: Value[], made: Value, attributes: Node['attributes'] = {}): Node => ({
      ...node,
      op,
      domain: '',
      inputs,
      outputs: [made],
      attributes,
    })
    return [
      make('Cast', [indices], long, { to: ONNX_TYPE.int64 }),
      make('Reshape', [long, ints(column.shape)], column),
      make('Expand', [column, ints(full.shape)], full),
      make('ScatterElements', [zeros, full, rows], output, { axis: 0, reduction: 'add' }),
    ]
  })
  return { ...graph, constants, nodes }
}
