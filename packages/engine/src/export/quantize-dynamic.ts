import { defined } from '@kic/core'
import type { Constant, Graph, Node, Value } from '../record/graph.ts'
import { ONNX_TYPE } from '../record/graph-builder.ts'
import { nextValueId } from '../record/next-value-id.ts'
import { type ActivationTerm, activationTerms, termConstants } from './activation-terms.ts'
import { type StoredRows, wholeRows } from './whole-rows.ts'

/**
 * The graph with weights stored as int8. Matrix products by a weight become integer products, and their other operand
 * is quantised at run time. Embedding tables are scaled back row by row.
 *
 * Weights are symmetric, -127 to 127, with one scale for each output channel. Activations are quantised in two terms of
 * 7 bits, so each product is the sum of two (`MatMulIntegerToFloat` of ONNX Runtime), which are exact on every
 * processor: `docs/decisions/0013-int8-on-every-processor.md`. Other weights stay float32.
 */
export const quantizeDynamic = (graph: Graph): Graph => rewritten(graph, 'all')

/** The graph with those embedding tables stored as int8 that `roundRows` has rounded: its results stay the same. */
export const storeWholeTables = (graph: Graph): Graph => rewritten(graph, 'whole tables')

const rewritten = (graph: Graph, what: Quantized): Graph => {
  const quantizer = new Quantizer(graph, what)
  const nodes = graph.nodes.flatMap((node) => quantizer.rewrite(node))
  const used = new Set(nodes.flatMap((node) => node.inputs.map((value) => value?.id)))
  for (const { value } of graph.outputs) used.add(value.id)
  const constants = [...graph.constants, ...quantizer.constants].filter(({ value }) => used.has(value.id))
  return { ...graph, constants, nodes }
}

type Quantized = 'all' | 'whole tables'

interface QuantizedWeight {
  /** int8 [rows, columns], in the layout of the product. */
  readonly matrix: Value
  /** float32, one per channel. */
  readonly scales: Value
}

class Quantizer {
  readonly constants: Constant[] = []
  readonly #what: Quantized
  readonly #weights: ReadonlyMap<number, Constant>
  readonly #done = new Map<string, QuantizedWeight>()
  readonly #terms = new Map<number, readonly ActivationTerm[]>()
  #termConstants: ReturnType<typeof termConstants> | undefined
  #nextId: number

  constructor(graph: Graph, what: Quantized) {
    this.#what = what
    this.#weights = new Map(graph.constants.map((constant) => [constant.value.id, constant]))
    this.#nextId = nextValueId(graph)
  }

  rewrite(node: Node): readonly Node[] {
    const [first, second, third] = node.inputs
    if (first === undefined || second === undefined) return [node]
    if (node.op === 'Gather' && node.attributes.axis === 0) return this.#gather(node, first, second)
    if (this.#what === 'whole tables') return [node]
    const isProduct = node.op === 'Gemm' || node.op === 'MatMul' || node.op === 'FusedMatMul'
    if (!isProduct || node.attributes.transA === 1 || node.attributes.alpha !== undefined) return [node]
    const weight = this.#weightOf(second)
    if (weight === undefined) return [node]
    const quantized = this.#channels(weight, node.attributes.transB === 1 ? 'rows' : 'columns')
    return this.#product(node, first, quantized, third)
  }

  /** The sum of the products of an activation's terms and a weight; the first product adds the bias. */
  #product(
    node: Node,
    activation: Value,
    { matrix, scales }: QuantizedWeight,
    bias: Value | undefined,
  ): readonly Node[] {
    const [output] = node.outputs
    if (output === undefined) return [node]
    const { nodes, terms } = this.#termsOf(activation, node)
    const partial = terms.map(({ integers, scale, zero }, i): Node => {
      const inputs = [integers, matrix, scale, scales, zero]
      return {
        ...node,
        op: 'MatMulIntegerToFloat',
        domain: 'com.microsoft',
        inputs: i === 0 && bias !== undefined ? [...inputs, undefined, bias] : inputs,
        outputs: [this.#value('float32', output.shape)],
        attributes: {},
      }
    })
    const summands = partial.flatMap(({ outputs }) => outputs)
    return [...nodes, ...partial, { ...node, op: 'Add', domain: '', inputs: summands, attributes: {} }]
  }

  /** An activation's terms, and the nodes that compute them if no earlier product has. */
  #termsOf(
    activation: Value,
    { origin }: Node,
  ): { readonly nodes: readonly Node[]; readonly terms: readonly ActivationTerm[] } {
    const known = this.#terms.get(activation.id)
    if (known !== undefined) return { nodes: [], terms: known }
    const nodes: Node[] = []
    const scope = {
      value: (dtype: Value['dtype'], shape: readonly number[]) => this.#value(dtype, shape),
      constant: (constant: Constant) => void this.constants.push(constant),
      node: (op: string, inputs: readonly Value[], outputs: readonly Value[], attributes = {}) =>
        void nodes.push({ op, domain: '', inputs, outputs, attributes, origin }),
    }
    this.#termConstants ??= termConstants(scope)
    const terms = activationTerms(activation, this.#termConstants, scope)
    this.#terms.set(activation.id, terms)
    return { nodes, terms }
  }

  /** Looked-up rows, scaled back: gather the int8 rows and their scales, and multiply. */
  #gather(node: Node, table: Value, indices: Value): readonly Node[] {
    const weight = this.#weightOf(table)
    const [output] = node.outputs
    const quantized = weight && this.#rows(weight)
    if (quantized === undefined || output === undefined) return [node]
    const { matrix, scales } = quantized
    const rows = this.#value('int8', output.shape)
    const numbers = this.#value('float32', output.shape)
    const rowScales = this.#value('float32', [...indices.shape, 1])
    const make = (op: string, inputs: Value[], made: Value, attributes: Node['attributes'] = {}): Node => ({
      ...node,
      op,
      inputs,
      outputs: [made],
      attributes,
    })
    return [
      make('Gather', [matrix, indices], rows, { axis: 0 }),
      make('Cast', [rows], numbers, { to: ONNX_TYPE.float32 }),
      make('Gather', [scales, indices], rowScales, { axis: 0 }),
      make('Mul', [numbers, rowScales], output),
    ]
  }

  /** A float32 matrix among the weights. */
  #weightOf(value: Value): Constant | undefined {
    const weight = this.#weights.get(value.id)
    if (weight?.name === undefined || value.shape.length !== 2 || value.dtype !== 'float32') return undefined
    return weight
  }

  /** A weight as [in, out] with a scale per column; `channel` is the axis of the stored weight that is `out`. */
  #channels(weight: Constant, channel: 'rows' | 'columns'): QuantizedWeight {
    return this.#quantized(weight, `columns of ${channel}`, (data, [rows, columns]) => {
      const [outs, ins] = channel === 'rows' ? [rows, columns] : [columns, rows]
      const at = (o: number, i: number): number => (channel === 'rows' ? o * columns + i : i * columns + o)
      const matrix = new Int8Array(outs * ins)
      const scales = new Float32Array(outs)
      for (let o = 0; o < outs; o++) {
        scales[o] = scaleOf(ins, (i) => defined(data[at(o, i)]))
        for (let i = 0; i < ins; i++)
          matrix[i * outs + o] = Math.round(defined(data[at(o, i)]) / defined(scales[o]))
      }
      return { matrix, shape: [ins, outs], scales, scaleShape: [outs] }
    })
  }

  /** A table in its own layout, with a scale per row; undefined if rounding would change it and may not. */
  #rows(weight: Constant): QuantizedWeight | undefined {
    const [, columns = 0] = weight.value.shape
    const whole = wholeRows(numbersOf(weight), columns)
    if (whole === undefined && this.#what === 'whole tables') return undefined
    return this.#quantized(weight, 'rows', (data, [rows, columns]) => ({
      ...(whole ?? nearestRows(data, columns)),
      shape: [rows, columns],
      scaleShape: [rows, 1],
    }))
  }

  #quantized(
    weight: Constant,
    layout: string,
    quantize: (
      data: Float32Array,
      shape: readonly [number, number],
    ) => { matrix: Int8Array; shape: number[]; scales: Float32Array; scaleShape: number[] },
  ): QuantizedWeight {
    const { name, value } = weight
    const key = `${value.id} ${layout}`
    const known = this.#done.get(key)
    if (known !== undefined) return known
    const [rows = 0, columns = 0] = value.shape
    const result = quantize(numbersOf(weight), [rows, columns])
    const suffix = this.#done.has(`${value.id}`) ? `.${layout}` : ''
    const made: QuantizedWeight = {
      matrix: this.#constant(`${name}.int8${suffix}`, 'int8', result.shape, result.matrix),
      scales: this.#constant(`${name}.scale${suffix}`, 'float32', result.scaleShape, result.scales),
    }
    this.#done.set(key, made)
    this.#done.set(`${value.id}`, made)
    return made
  }

  #value(dtype: Value['dtype'], shape: readonly number[]): Value {
    return { id: this.#nextId++, dtype, shape }
  }

  #constant(
    name: string,
    dtype: 'int8' | 'float32',
    shape: readonly number[],
    data: Int8Array | Float32Array,
  ): Value {
    const value = this.#value(dtype, shape)
    this.constants.push({ name, value, data: { kind: 'array', data } })
    return value
  }
}

/** The step between neighbouring int8 values that maps the largest element to ±127. */
const scaleOf = (count: number, element: (i: number) => number): number => {
  let largest = 0
  for (let i = 0; i < count; i++) largest = Math.max(largest, Math.abs(element(i)))
  return largest === 0 ? 1 : largest / 127
}

const numbersOf = ({ value: { shape }, data }: Constant): Float32Array =>
  data.kind === 'array' && data.data instanceof Float32Array
    ? data.data
    : new Float32Array(shape.reduce((size, n) => size * n, 1))

/** Rows as the nearest int8 numbers. */
const nearestRows = (data: Float32Array, columns: number): StoredRows => {
  const matrix = new Int8Array(data.length)
  const scales = new Float32Array(data.length / columns)
  for (let r = 0; r < scales.length; r++) {
    const scale = scaleOf(columns, (c) => defined(data[r * columns + c]))
    scales[r] = scale
    for (let i = r * columns; i < (r + 1) * columns; i++) matrix[i] = Math.round(defined(data[i]) / scale)
  }
  return { matrix, scales }
}
