import { type Constant, type Graph, type Node, sizeOf, type Value } from '../record/graph.ts'
import { ONNX_TYPE } from '../record/graph-builder.ts'
import { nextValueId } from '../record/next-value-id.ts'

/** Weights with fewer elements stay float32: biases and norms are a small share, and sensitive. */
const SMALLEST = 1024

/** The graph with its large float32 weights stored as float16 and cast back where they are used. */
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

const view = new DataView(new ArrayBuffer(4))

/** The bits of the nearest float16, ties to even; beyond its range, infinity. IEEE 754-2008, binary16. */
export const float16Bits = (x: number): number => {
  view.setFloat32(0, x)
  const bits = view.getUint32(0)
  const sign = (bits >>> 16) & 0x8000
  const exponent = (bits >>> 23) & 0xff
  const fraction = bits & 0x7fffff
  if (exponent === 0xff) return sign | 0x7c00 | (fraction === 0 ? 0 : 0x200)
  const shifted = exponent - 112
  if (shifted >= 31) return sign | 0x7c00
  if (shifted <= 0) {
    if (shifted < -10) return sign
    return sign | rounded((fraction | 0x800000) >>> 0, 14 - shifted)
  }
  return sign | ((shifted << 10) + rounded(fraction, 13))
}

/** `value / 2^shift`, rounded to the nearest integer, ties to even; a carry runs into the exponent, as it should. */
const rounded = (value: number, shift: number): number => {
  const kept = value >>> shift
  const rest = value & ((1 << shift) - 1)
  const half = 1 << (shift - 1)
  return rest > half || (rest === half && (kept & 1) === 1) ? kept + 1 : kept
}
