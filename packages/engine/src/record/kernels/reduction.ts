import type { Value } from '../graph.ts'
import type { GraphBuilder } from '../graph-builder.ts'
import type { Translation, TranslationTable } from '../translation.ts'

const reduction =
  (op: string, axisName: string): Translation =>
  ({ g, input, attributes }) => {
    const x = input('x')
    return g.reduce(op, x, attributes.axes(axisName, x.shape.length), attributes.flag('keepDims'))
  }

const mean: Translation = ({ g, input, attributes }) => {
  const x = g.cast(input('x'), 'float32')
  return g.reduce('ReduceMean', x, attributes.axes('axis', x.shape.length), attributes.flag('keepDims'))
}

/** `All` is a minimum and `Any` a maximum over 0 and 1. */
const logical =
  (op: string): Translation =>
  ({ g, input, attributes }) => {
    const x = g.cast(input('x'), 'int32')
    return g.cast(
      g.reduce(op, x, attributes.axes('axis', x.shape.length), attributes.flag('keepDims')),
      'bool',
    )
  }

const arg =
  (op: string): Translation =>
  ({ g, input, attributes }) => {
    const x = input('x')
    const axis = attributes.axes('axis', x.shape.length)[0] ?? 0
    const shape = x.shape.filter((_, i) => i !== axis)
    return g.cast(g.node(op, [x], 'int64', shape, { attributes: { axis, keepdims: 0 } }), 'int32')
  }

const cumulative: Translation = ({ g, input, attributes }) => {
  const x = input('x')
  const axis = attributes.axes('axis', x.shape.length)[0] ?? 0
  return g.node('CumSum', [x, g.fill(axis, 'int64', [])], x.dtype, x.shape, {
    attributes: {
      exclusive: attributes.flag('exclusive') ? 1 : 0,
      reverse: attributes.flag('reverse') ? 1 : 0,
    },
  })
}

/** Softmax over the last axis. */
export const softmax = (g: GraphBuilder, logits: Value): Value =>
  g.unary('Softmax', logits, logits.dtype, { attributes: { axis: -1 } })

const topK: Translation = ({ g, input, attributes }) => {
  const x = input('x')
  const k = attributes.number('k')
  const shape = [...x.shape.slice(0, -1), k]
  const [values, indices] = g.many(
    'TopK',
    [x, g.ints([k])],
    [
      [x.dtype, shape],
      ['int64', shape],
    ],
    { attributes: { axis: -1, largest: 1, sorted: 1 } },
  )
  return values === undefined || indices === undefined ? [] : [values, g.cast(indices, 'int32')]
}

/** Kernels that combine elements along axes. */
export const reductions: TranslationTable = {
  Sum: reduction('ReduceSum', 'axis'),
  Prod: reduction('ReduceProd', 'axis'),
  Max: reduction('ReduceMax', 'reductionIndices'),
  Min: reduction('ReduceMin', 'axis'),
  Mean: mean,
  All: logical('ReduceMin'),
  Any: logical('ReduceMax'),
  ArgMax: arg('ArgMax'),
  ArgMin: arg('ArgMin'),
  Cumsum: cumulative,
  Softmax: ({ g, input }) => softmax(g, input('logits')),
  LogSoftmax: ({ g, input }) =>
    g.unary('LogSoftmax', input('logits'), 'float32', { attributes: { axis: -1 } }),
  TopK: topK,
}
