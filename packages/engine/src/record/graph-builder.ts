import { defined, KicError } from '@kic/core'
import { backend_util, util } from '@tensorflow/tfjs'
import type { EngineErrorCode } from '../error-code.ts'
import {
  type Attributes,
  type Constant,
  type ConstantData,
  type Graph,
  type GraphDType,
  type GraphInput,
  type Node,
  sameShape,
  sizeOf,
  type Value,
} from './graph.ts'

/** Reductions that leave single elements unchanged. */
export type Reduction = 'ReduceSum' | 'ReduceProd' | 'ReduceMean' | 'ReduceMax' | 'ReduceMin'

interface NodeOptions {
  readonly attributes?: Attributes | undefined
  readonly domain?: string | undefined
}

type OutputType = readonly [dtype: GraphDType, shape: readonly number[]]

/**
 * Collects the values and nodes of one recording. Equal constants and equal nodes are created once. Operations without
 * effect (reshapes to the same shape, subtractions of zero, multiplications by one) create no node.
 */
export class GraphBuilder {
  readonly #inputs: GraphInput[] = []
  readonly #nodes: Node[] = []
  readonly #constants = new Map<number, Constant>()
  readonly #producers = new Map<number, Node>()
  readonly #known = new Map<string, readonly Value[]>()
  #nextId = 0
  #origin: Error | undefined

  #value(dtype: GraphDType, shape: readonly number[]): Value {
    util.assertNonNegativeIntegerDimensions([...shape])
    return { id: this.#nextId++, dtype, shape }
  }

  input(name: string, dtype: GraphDType, shape: readonly number[]): Value {
    const value = this.#value(dtype, shape)
    this.#inputs.push({ name, value })
    return value
  }

  /** A constant with the given elements; uniform arrays become fills. */
  constant(
    data: Float32Array | Int32Array | Uint8Array | BigInt64Array,
    dtype: GraphDType,
    shape: readonly number[],
  ): Value {
    const first = data[0]
    if (first !== undefined && data.every((x) => Object.is(x, first))) {
      return this.fill(Number(first), dtype, shape)
    }
    if (data.length > 64) return this.#addConstant({ kind: 'array', data }, dtype, shape)
    // A key of bytes, because 0 and -0 are the same as text.
    const key = `const|${dtype}|${shape}|${new Uint8Array(data.buffer, data.byteOffset, data.byteLength)}`
    const seen = this.#known.get(key)?.[0]
    if (seen !== undefined) return seen
    const value = this.#addConstant({ kind: 'array', data }, dtype, shape)
    this.#known.set(key, [value])
    return value
  }

  /** A constant whose elements are all `given`, as rounded by `dtype`. */
  fill(given: number, dtype: GraphDType, shape: readonly number[] = []): Value {
    const element = stored(given, dtype)
    const key = `fill|${dtype}|${shape}|${Object.is(element, -0) ? '-0' : element}`
    const seen = this.#known.get(key)?.[0]
    if (seen !== undefined) return seen
    const value = this.#addConstant({ kind: 'fill', value: element }, dtype, shape)
    this.#known.set(key, [value])
    return value
  }

  scalar(element: number, dtype: GraphDType = 'float32'): Value {
    return this.fill(element, dtype, [])
  }

  /** An int64 vector of sizes, axes or indices. */
  ints(values: readonly number[]): Value {
    const key = `ints|${values}`
    const seen = this.#known.get(key)?.[0]
    if (seen !== undefined) return seen
    const data = BigInt64Array.from(values, BigInt)
    const value = this.#addConstant({ kind: 'array', data }, 'int64', [values.length])
    this.#known.set(key, [value])
    return value
  }

  #addConstant(data: ConstantData, dtype: GraphDType, shape: readonly number[]): Value {
    const value = this.#value(dtype, shape)
    this.#constants.set(value.id, { value, data })
    return value
  }

  /** Runs `body`, whose nodes have the given origin instead of their own: they replace a recorded node. */
  inPlaceOf<T>({ origin }: Node, body: () => T): T {
    this.#origin = origin
    try {
      return body()
    } finally {
      this.#origin = undefined
    }
  }

  constantOf(value: Value): ConstantData | undefined {
    return this.#constants.get(value.id)?.data
  }

  /** The element that fills `value`, if it is a constant with equal elements. */
  fillOf(value: Value): number | undefined {
    const data = this.constantOf(value)
    return data?.kind === 'fill' ? data.value : undefined
  }

  producerOf(value: Value): Node | undefined {
    return this.#producers.get(value.id)
  }

  /** Adds a node with several outputs. */
  many(
    op: string,
    inputs: readonly (Value | undefined)[],
    outputs: readonly OutputType[],
    { attributes = {}, domain = '' }: NodeOptions = {},
  ): readonly Value[] {
    // Tensors without elements need no computation, and some operators of ONNX Runtime refuse them.
    if (outputs.every(([, shape]) => sizeOf(shape) === 0)) {
      return outputs.map(([dtype, shape]) => this.fill(0, dtype, shape))
    }
    const key = `${domain}|${op}|${inputs.map((v) => v?.id)}|${attributesKey(attributes)}|${outputs.join(';')}`
    const seen = this.#known.get(key)
    if (seen !== undefined) return seen
    const values = outputs.map(([dtype, shape]) => this.#value(dtype, shape))
    const node: Node = {
      op,
      domain,
      inputs,
      outputs: values,
      attributes,
      origin: this.#origin ?? new Error(op),
    }
    this.#nodes.push(node)
    for (const value of values) this.#producers.set(value.id, node)
    this.#known.set(key, values)
    return values
  }

  /** Adds a node with one output. */
  node(
    op: string,
    inputs: readonly (Value | undefined)[],
    dtype: GraphDType,
    shape: readonly number[],
    options?: NodeOptions,
  ): Value {
    const [value] = this.many(op, inputs, [[dtype, shape]], options)
    if (value === undefined)
      throw new KicError<EngineErrorCode>('engine/internal', `GraphBuilder: ${op} made no output`)
    return value
  }

  /** An elementwise operation of one operand. */
  unary(op: string, x: Value, dtype: GraphDType = x.dtype, options?: NodeOptions): Value {
    return this.node(op, [x], dtype, x.shape, options)
  }

  /** The negation of a condition. */
  not(x: Value): Value {
    return this.broadcast([x], ([source = x]) => this.unary('Not', source))
  }

  /** An elementwise operation of two operands, broadcast as NumPy does. */
  binary(op: string, a: Value, b: Value, dtype: GraphDType = a.dtype): Value {
    return this.broadcast([a, b], ([x = a, y = b], shape) => {
      const neutral = this.#withoutNeutral(op, x, y)
      if (neutral !== undefined) return neutral
      // A scalar factor moves before a reshape, where it can be folded into the matrix product of the operand.
      if ((op === 'Mul' || op === 'Div') && this.fillOf(y) !== undefined && y.shape.length === 0) {
        const producer = this.producerOf(x)
        const source = producer?.op === 'Reshape' ? producer.inputs[0] : undefined
        if (source !== undefined) return this.reshape(this.node(op, [source, y], dtype, source.shape), shape)
      }
      return this.node(op, [x, y], dtype, shape)
    })
  }

  /**
   * An elementwise operation on operands as they were before expansion or filling. The result is expanded to its shape
   * afterwards, so the operation computes each element once.
   *
   * @param compute receives the operands and their broadcast shape
   */
  broadcast(
    operands: readonly Value[],
    compute: (operands: readonly Value[], shape: readonly number[]) => Value,
  ): Value {
    const shapeOf = (values: readonly Value[]): readonly number[] =>
      values.map((value) => value.shape).reduce(broadcastShape, [])
    const narrow = operands.map((operand) => this.#unexpanded(operand))
    return this.expand(compute(narrow, shapeOf(narrow)), shapeOf(operands))
  }

  /** `x` before its expansion; for a fill, its one element. */
  #unexpanded(x: Value): Value {
    const filled = this.fillOf(x)
    return filled === undefined ? (this.#expandedFrom(x) ?? x) : this.fill(filled, x.dtype, [])
  }

  #expandedFrom(x: Value): Value | undefined {
    const producer = this.producerOf(x)
    return producer?.op === 'Expand' ? producer.inputs[0] : undefined
  }

  #withoutNeutral(op: string, a: Value, b: Value): Value | undefined {
    const [left, right] = [this.fillOf(a), this.fillOf(b)]
    if ((op === 'Mul' || op === 'Div') && right === 1) return a
    if (op === 'Mul' && left === 1) return b
    // For floats, -0 + 0 is 0: only -0 leaves every summand unchanged.
    const zero = a.dtype === 'float32' ? -0 : 0
    if (op === 'Add' && Object.is(right, zero)) return a
    if (op === 'Add' && Object.is(left, zero)) return b
    if (op === 'Sub' && Object.is(right, 0)) return a
    return undefined
  }

  reshape(x: Value, shape: readonly number[]): Value {
    if (sameShape(x.shape, shape)) return x
    const filled = this.fillOf(x)
    if (filled !== undefined) return this.fill(filled, x.dtype, shape)
    const producer = this.producerOf(x)
    const source = producer?.op === 'Reshape' ? producer.inputs[0] : undefined
    if (source !== undefined) return this.reshape(source, shape)
    // Without allowzero, 0 means the previous length of the axis.
    const attributes: Attributes = shape.includes(0) ? { allowzero: 1 } : {}
    return this.node('Reshape', [x, this.ints(shape)], x.dtype, shape, { attributes })
  }

  transpose(x: Value, perm: readonly number[]): Value {
    if (perm.every((p, i) => p === i)) return x
    const shape = perm.map((p) => defined(x.shape[p]))
    const producer = this.producerOf(x)
    if (producer?.op === 'Transpose') {
      const [source, inner] = [producer.inputs[0], producer.attributes.perm]
      if (source !== undefined && Array.isArray(inner)) {
        return this.transpose(
          source,
          perm.map((p) => inner[p]),
        )
      }
    }
    return this.node('Transpose', [x], x.dtype, shape, { attributes: { perm } })
  }

  expand(x: Value, shape: readonly number[]): Value {
    if (sameShape(x.shape, shape)) return x
    const filled = this.fillOf(x)
    if (filled !== undefined) return this.fill(filled, x.dtype, shape)
    return this.node('Expand', [x, this.ints(shape)], x.dtype, shape)
  }

  cast(x: Value, dtype: GraphDType): Value {
    if (x.dtype === dtype) return x
    const filled = this.fillOf(x)
    if (filled !== undefined && dtype === 'float32') return this.fill(filled, dtype, x.shape)
    return this.broadcast([x], ([source = x], shape) =>
      this.node('Cast', [source], dtype, shape, { attributes: { to: ONNX_TYPE[dtype] } }),
    )
  }

  /** A reduction over non-negative axes. */
  reduce(op: Reduction, x: Value, axes: readonly number[], keepDims: boolean): Value {
    const kept = x.shape.map((d, i) => (axes.includes(i) ? 1 : d))
    const shape = keepDims ? kept : x.shape.filter((_, i) => !axes.includes(i))
    if (axes.every((axis) => x.shape[axis] === 1)) return this.reshape(x, shape)
    // ONNX does not define the reduction of no elements.
    if (axes.some((axis) => x.shape[axis] === 0)) return this.fill(ofNothing(op, x.dtype), x.dtype, shape)
    return this.node(op, [x, this.ints(axes)], x.dtype, shape, {
      attributes: { keepdims: keepDims ? 1 : 0 },
    })
  }

  /** The finished graph: only what the outputs need, and all inputs if they are to be kept. */
  finish(outputs: Graph['outputs'], keepInputs = false): Graph {
    const needed = new Set(outputs.map(({ value }) => value.id))
    const nodes: Node[] = []
    for (const node of [...this.#nodes].reverse()) {
      if (!node.outputs.some(({ id }) => needed.has(id))) continue
      nodes.push(node)
      for (const input of node.inputs) if (input !== undefined) needed.add(input.id)
    }
    return {
      inputs: this.#inputs.filter(({ value }) => keepInputs || needed.has(value.id)),
      constants: [...this.#constants.values()].filter(({ value }) => needed.has(value.id)),
      nodes: nodes.reverse(),
      outputs,
    }
  }
}

/** ONNX's numbers for element types (`TensorProto.DataType`). */
export const ONNX_TYPE = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
} as const satisfies Record<GraphDType, number>

/**
 * The reduction of no elements: the neutral element. The mean is 0, because TensorFlow.js divides before it sums;
 * native TensorFlow gives NaN. TensorFlow.js's cpu backend reads beyond its array for the maximum and minimum of no
 * elements.
 */
const ofNothing = (op: Reduction, dtype: GraphDType): number => {
  const [lowest, highest] =
    dtype === 'float32' ? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] : [-(2 ** 31), 2 ** 31 - 1]
  switch (op) {
    case 'ReduceSum':
    case 'ReduceMean':
      return 0
    case 'ReduceProd':
      return 1
    case 'ReduceMax':
      return lowest
    case 'ReduceMin':
      return highest
  }
}

/** A number as an array of the type holds it. */
const stored = (element: number, dtype: GraphDType): number => {
  if (dtype === 'float32') return Math.fround(element)
  if (dtype === 'int32') return element | 0
  if (dtype === 'bool') return element ? 1 : 0
  return element
}

/** Attributes as text; JSON has neither infinite numbers nor -0. */
const attributesKey = (attributes: Attributes): string =>
  JSON.stringify(attributes, (_, value) =>
    typeof value === 'number' ? `${Object.is(value, -0) ? '-0' : value}` : value,
  )

/** The shape to which two operands are broadcast; TensorFlow.js refuses incompatible shapes. */
export const broadcastShape = (a: readonly number[], b: readonly number[]): readonly number[] =>
  backend_util.assertAndGetBroadcastShape([...a], [...b])
