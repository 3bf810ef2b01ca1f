import { defined } from '@kic/core'
import { util } from '@tensorflow/tfjs'
import type { Value } from '../graph.ts'
import type { GraphBuilder } from '../graph-builder.ts'
import type { Translation, TranslationTable } from '../translation.ts'
import { wantedType } from './creation.ts'
import { markInRange, neverNegative, unshaped } from './index-range.ts'
import { where } from './where.ts'

const gather: Translation = ({ g, input, attributes }) => {
  const [x, indices] = [input('x'), input('indices')]
  const axis = attributes.axis('axis', x.shape.length)
  const given = attributes.has('batchDims') ? attributes.number('batchDims') : 0
  const batch = given < 0 ? given + indices.shape.length : given
  checkConstant(g, indices, defined(x.shape[axis]))
  if (batch > 0) return batchGather(g, x, neverNegative(g, indices), axis, batch)
  const safe = isGiven(g, indices) ? indices : neverNegative(g, indices)
  markInRange(g, indices, defined(x.shape[axis]))
  const shape = [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)]
  return g.node('Gather', [x, safe], x.dtype, shape, { attributes: { axis } })
}

/** Refuses constant indices that ONNX Runtime would count from the end; feeds are checked when they arrive. */
const checkConstant = (g: GraphBuilder, indices: Value, size: number): void => {
  const constant = g.constantOf(unshaped(g, indices))
  if (constant === undefined || indices.shape.includes(0)) return
  const values = constant.kind === 'fill' ? [constant.value] : [...constant.data].map(Number)
  const bad = values.find((value) => !(value > -1 && value < size))
  util.assert(bad === undefined, () => `the index value ${bad} is not in [0, ${size - 1}]`)
}

/** Whether indices of a Gather are constants or inputs, whose values are checked before the graph runs. */
const isGiven = (g: GraphBuilder, indices: Value): boolean => {
  const source = unshaped(g, indices)
  const producer = g.producerOf(source)
  // Inputs of int64 are cast on arrival.
  const [cast] = producer?.op === 'Cast' ? producer.inputs : []
  return producer === undefined || (cast?.dtype === 'int64' && g.producerOf(cast) === undefined)
}

/**
 * A gather with indices per batch element: x [batch, outer, axis, inner] and indices [batch, picked] give [batch,
 * outer, picked, inner]. GatherND picks from the axis after the batch, so the outer axes are moved behind it.
 */
const batchGather = (g: GraphBuilder, x: Value, indices: Value, axis: number, batch: number): Value => {
  const axes = x.shape.map((_, i) => i)
  const [outer, inner] = [axes.slice(batch, axis), axes.slice(axis + 1)]
  const source = g.transpose(x, [...axes.slice(0, batch), axis, ...outer, ...inner])
  const points = g.cast(g.reshape(indices, [...indices.shape, 1]), 'int64')
  const shape = [...indices.shape, ...source.shape.slice(batch + 1)]
  const picked = g.node('GatherND', [source, points], x.dtype, shape, { attributes: { batch_dims: batch } })
  const [first, rank] = [indices.shape.length, shape.length]
  const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i)
  return g.transpose(picked, [
    ...range(0, batch),
    ...range(first, first + outer.length),
    ...range(batch, first),
    ...range(first + outer.length, rank),
  ])
}

const gatherNd: Translation = ({ g, input }) => {
  const [params, indices] = [input('params'), input('indices')]
  const depth = indices.shape.at(-1) ?? 0
  util.assert(
    depth <= params.shape.length,
    () => `index innermost dimension length must be <= tensor rank; saw: ${depth} vs. ${params.shape.length}`,
  )
  const shape = [...indices.shape.slice(0, -1), ...params.shape.slice(depth)]
  return g.node('GatherND', [params, g.cast(neverNegative(g, indices), 'int64')], params.dtype, shape)
}

/** ONNX wraps negative indices, but TensorFlow.js gives a row of `offValue`, so they are first moved out of range. */
const oneHot: Translation = (call) => {
  const { g, input, attributes } = call
  const given = g.cast(input('indices'), 'int32')
  // ONNX requires an axis; TensorFlow.js accepts a scalar.
  const indices = given.shape.length === 0 ? g.reshape(given, [1]) : given
  const depth = attributes.number('depth')
  const [on, off] = [attributes.number('onValue'), attributes.number('offValue')]
  const negative = g.binary('Less', indices, g.scalar(0, 'int32'), 'bool')
  const safe = where(g, negative, g.scalar(depth, 'int32'), indices)
  // ONNX Runtime's OneHot supports only float values.
  const values = g.constant(Float32Array.of(off, on), 'float32', [2])
  const rows = g.node(
    'OneHot',
    [g.cast(safe, 'int64'), g.fill(depth, 'int64', []), values],
    'float32',
    [...indices.shape, depth],
    { attributes: { axis: -1 } },
  )
  return g.cast(g.reshape(rows, [...given.shape, depth]), wantedType(call, 'float32'))
}

/** Kernels that pick elements by index. ONNX Runtime counts a negative index from the end. */
export const gathers: TranslationTable = { GatherV2: gather, GatherNd: gatherNd, OneHot: oneHot }
