import { defined } from '@kic/core'
import type { GraphDType, Value } from '../graph.ts'
import type { Reduction } from '../graph-builder.ts'
import type { KernelCall, Translation, TranslationTable } from '../translation.ts'
import { withoutBool } from './numeric.ts'

const reduce = ({ g, attributes }: KernelCall, op: Reduction, x: Value, axisName = 'axis'): Value =>
  g.reduce(op, x, attributes.axes(axisName, x.shape.length), attributes.flag('keepDims'))

/** A sum or product; booleans count as 0 and 1. */
const total =
  (op: Reduction): Translation =>
  (call) =>
    reduce(call, op, withoutBool(call.g, call.input('x')))

/** A maximum or minimum; for booleans it is a boolean. ONNX Runtime skips NaN, and TensorFlow.js returns it. */
const extreme =
  (op: Reduction, axisName: string): Translation =>
  (call) => {
    const x = call.input('x')
    return call.g.cast(reduce(call, op, withoutBool(call.g, x), axisName), x.dtype)
  }

/** `All` is a minimum and `Any` a maximum over 0 and 1, even of no elements. */
const logical =
  (op: 'ReduceMin' | 'ReduceMax'): Translation =>
  (call) => {
    const { g, input, attributes } = call
    const x = g.cast(input('x'), 'int32')
    const isEmpty = attributes.axes('axis', x.shape.length).some((axis) => x.shape[axis] === 0)
    if (!isEmpty) return g.cast(reduce(call, op, x), 'bool')
    return g.fill(op === 'ReduceMin' ? 1 : 0, 'bool', reduce(call, op, x).shape)
  }

const arg =
  (op: string): Translation =>
  ({ g, input, attributes }) => {
    const x = withoutBool(g, input('x'))
    const axis = attributes.axis('axis', x.shape.length)
    const shape = x.shape.filter((_, i) => i !== axis)
    return g.cast(g.node(op, [x], 'int64', shape, { attributes: { axis, keepdims: 0 } }), 'int32')
  }

/** Softmax over the last axis. */
const softmax: Translation = ({ g, input }) =>
  g.unary('Softmax', g.cast(input('logits'), 'float32'), 'float32', { attributes: { axis: -1 } })

/** Always sorted, even if the caller does not ask for it; equal values are in the order of their indices. */
const topK: Translation = ({ g, input, attributes }) => {
  const x = input('x')
  const k = attributes.number('k')
  const shape = [...x.shape.slice(0, -1), k]
  const source = withoutBool(g, x)
  const outputs: readonly (readonly [GraphDType, readonly number[]])[] = [
    [source.dtype, shape],
    ['int64', shape],
  ]
  const [values, indices] = g.many('TopK', [source, g.ints([k])], outputs, {
    attributes: { axis: -1, largest: 1, sorted: 1 },
  })
  return values === undefined || indices === undefined
    ? []
    : [g.cast(values, x.dtype), g.cast(indices, 'int32')]
}

/** The number of sorted elements below each value, per row. */
const searchSorted: Translation = ({ g, input, attributes }) => {
  const [sorted, values] = [input('sortedSequence'), input('values')]
  const [rows, length] = [defined(sorted.shape[0]), defined(sorted.shape[1])]
  const row = g.reshape(sorted, [rows, 1, length])
  const column = g.reshape(values, [rows, defined(values.shape[1]), 1])
  const below = g.binary(attributes.text('side') === 'left' ? 'Less' : 'LessOrEqual', row, column, 'bool')
  return g.reduce('ReduceSum', g.cast(below, 'int32'), [2], false)
}

/** Kernels that combine elements along axes. */
export const reductions: TranslationTable = {
  Sum: total('ReduceSum'),
  Prod: total('ReduceProd'),
  Max: extreme('ReduceMax', 'reductionIndices'),
  Min: extreme('ReduceMin', 'axis'),
  Mean: (call) => reduce(call, 'ReduceMean', call.g.cast(call.input('x'), 'float32')),
  All: logical('ReduceMin'),
  Any: logical('ReduceMax'),
  ArgMax: arg('ArgMax'),
  ArgMin: arg('ArgMin'),
  Softmax: softmax,
  TopK: topK,
  SearchSorted: searchSorted,
}
