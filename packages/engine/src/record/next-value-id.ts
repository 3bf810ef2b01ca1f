import type { Graph } from './graph.ts'

/** The lowest id above those of all values of the graph. */
export const nextValueId = (graph: Graph): number => {
  let highest = -1
  for (const { value } of [...graph.inputs, ...graph.constants]) highest = Math.max(highest, value.id)
  for (const node of graph.nodes) for (const { id } of node.outputs) highest = Math.max(highest, id)
  return highest + 1
}
