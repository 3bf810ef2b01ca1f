import type { Graph, Node } from '../record/graph.ts'
import { useCounts } from './fuse-bias.ts'

/** The smallest float32 of full precision. */
const SMALLEST_NORMAL = 2 ** -126

/** Whether a factor can be folded into a product: 0 would hide NaN, and a tiny factor loses digits. */
const isPlain = (alpha: number): boolean => Number.isFinite(alpha) && Math.abs(alpha) >= SMALLEST_NORMAL

/** Folds the multiplication or division of a matrix product by a constant scalar into the product. */
export const foldScale = (graph: Graph): Graph => {
  const uses = useCounts(graph)
  const producers = new Map(
    graph.nodes.flatMap((node) => node.outputs.map((value) => [value.id, node] as const)),
  )
  const scalars = new Map(
    graph.constants.flatMap(({ value, data }) =>
      data.kind === 'fill' && value.shape.length === 0 ? [[value.id, data.value] as const] : [],
    ),
  )
  const replaced = new Set<Node>()
  const scaled = new Map<Node, Node>()
  for (const node of graph.nodes) {
    if (node.op !== 'Mul' && node.op !== 'Div') continue
    const [a, b] = node.inputs
    if (a === undefined || b === undefined) continue
    const [product, factor] = scalars.has(b.id) || node.op === 'Div' ? [a, b] : [b, a]
    const value = scalars.get(factor.id)
    const source = producers.get(product.id)
    if (value === undefined || source === undefined || uses.get(product.id) !== 1) continue
    if (source.op !== 'MatMul' && source.op !== 'FusedMatMul') continue
    if (product.dtype !== 'float32') continue
    if (source.attributes.alpha !== undefined || replaced.has(source)) continue
    const alpha = Math.fround(node.op === 'Mul' ? value : 1 / value)
    if (!isPlain(alpha)) continue
    replaced.add(source)
    scaled.set(node, {
      ...source,
      op: 'FusedMatMul',
      domain: 'com.microsoft',
      outputs: node.outputs,
      attributes: { ...source.attributes, alpha: { float: alpha } },
    })
  }
  return {
    ...graph,
    nodes: graph.nodes.filter((node) => !replaced.has(node)).map((node) => scaled.get(node) ?? node),
  }
}
