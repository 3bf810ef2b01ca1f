import { float16Bits } from '@kic/core'
import { type Constant, type Graph, type Node, sizeOf, type Value } from '../record/graph.ts'
import { ONNX_TYPE } from '../record/graph-builder.ts'
import { nextValueId } from '../record/next-value-id.ts'

/** Weights with fewer elements stay float32: biases and norms are small and sensitive. */
const SMALLEST = 1024

/** The graph with large float32 weights stored as float16, and cast back where they are used. */
export const halfWeights = (graph: Graph): Graph => {
  let id = nextValueId(graph)
  const casts: Node[] = []
  const constants = graph.constants.map((constant): Constant => {
    const { name, value, data } = constant
    if (name === undefined || data.kind !== 'array' || !(data.data instanceof Float32Array)) return constant
    if (sizeOf(value.shape) < SMALLEST) return constant
    const half: Value = { id: id++, dtype: 'float16', shape: value.shape }
    const attributes = { to: ONNX_TYPE.float32 }
    casts.push({
      op: 'Cast',
      domain: '',
      inputs: [half],
      outputs: [value],
      attributes,
      origin: new Error('Cast'),
    })
    return { name, value: half, data: { kind: 'array', data: Uint16Array.from(data.data, float16Bits) } }
  })
  return { ...graph, constants, nodes: [...casts, ...graph.nodes] }
}
