import { KicError } from '@kic/core'
import { sizeOf, type Value } from '../graph.ts'
import type { GraphBuilder } from '../graph-builder.ts'
import type { Translation, TranslationTable } from '../translation.ts'

/** The operator under which sums of scattered rows stand in a graph until they are lowered. */
export const SCATTER_ROWS = 'ScatterRows'

/**
 * Sums rows into a zero matrix: `result[indices[i]] += rows[i]`.
 *
 * @param indices int32 [N]
 * @param rows float32 [N, inner]
 */
const scatterRows = (g: GraphBuilder, indices: Value, rows: Value, count: number): Value =>
  g.node(SCATTER_ROWS, [indices, rows], rows.dtype, [count, rows.shape[1] ?? 1], { domain: 'kic' })

const gather: Translation = ({ g, input, attributes, kernel }) => {
  const [x, indices] = [input('x'), input('indices')]
  const axis = attributes.axes('axis', x.shape.length)[0] ?? 0
  const batch = attributes.has('batchDims') ? attributes.number('batchDims') : 0
  if (batch === 0) {
    const shape = [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)]
    return g.node('Gather', [x, indices], x.dtype, shape, { attributes: { axis } })
  }
  if (batch !== axis) {
    throw new KicError(
      'engine/unsupported',
      `${kernel}: batchDims ${batch} with axis ${axis} cannot be recorded; batchDims must equal axis`,
    )
  }
  const points = g.cast(g.reshape(indices, [...indices.shape, 1]), 'int64')
  return g.node('GatherND', [x, points], x.dtype, [...indices.shape, ...x.shape.slice(axis + 1)], {
    attributes: { batch_dims: batch },
  })
}

const gatherNd: Translation = ({ g, input }) => {
  const [params, indices] = [input('params'), input('indices')]
  const depth = indices.shape.at(-1) ?? 0
  const shape = [...indices.shape.slice(0, -1), ...params.shape.slice(depth)]
  return g.node('GatherND', [params, g.cast(indices, 'int64')], params.dtype, shape)
}

/** Points of the leading axes become row numbers, so that every scatter is one of rows. */
const scatterNd: Translation = ({ g, input, attributes }) => {
  const [indices, updates] = [input('indices'), input('updates')]
  const shape = attributes.numbers('shape')
  const depth = indices.shape.at(-1) ?? 1
  const points = sizeOf(indices.shape.slice(0, -1))
  const leading = shape.slice(0, depth)
  const strides = leading.map((_, i) => sizeOf(leading.slice(i + 1)))
  const flat = g.reshape(indices, [points, depth])
  const rowNumbers =
    depth === 1
      ? g.reshape(flat, [points])
      : g.reduce(
          'ReduceSum',
          g.binary('Mul', flat, g.constant(Int32Array.from(strides), 'int32', [depth])),
          [1],
          false,
        )
  const rows = g.reshape(updates, [points, sizeOf(shape.slice(depth))])
  return g.reshape(scatterRows(g, rowNumbers, rows, sizeOf(leading)), shape)
}

const unsortedSegmentSum: Translation = ({ g, input, attributes }) => {
  const [x, ids] = [input('x'), input('segmentIds')]
  const count = attributes.number('numSegments')
  const inner = x.shape.slice(ids.shape.length)
  const n = sizeOf(ids.shape)
  const rows = scatterRows(g, g.reshape(ids, [n]), g.reshape(x, [n, sizeOf(inner)]), count)
  return g.reshape(rows, [count, ...inner])
}

/** ONNX wraps negative indices, TensorFlow.js gives a row of `offValue`: they are sent out of range first. */
const oneHot: Translation = ({ g, input, attributes }) => {
  const indices = input('indices')
  const depth = attributes.number('depth')
  const dtype = attributes.has('dtype') && attributes.text('dtype') === 'int32' ? 'int32' : 'float32'
  const [on, off] = [attributes.number('onValue'), attributes.number('offValue')]
  const negative = g.binary('Less', indices, g.scalar(0, indices.dtype), 'bool')
  const safe = g.node(
    'Where',
    [negative, g.scalar(depth, indices.dtype), indices],
    indices.dtype,
    indices.shape,
  )
  // ONNX Runtime has OneHot with float values only.
  const values = g.constant(Float32Array.of(off, on), 'float32', [2])
  const rows = g.node(
    'OneHot',
    [g.cast(safe, 'int64'), g.fill(depth, 'int64', []), values],
    'float32',
    [...indices.shape, depth],
    { attributes: { axis: -1 } },
  )
  return g.cast(rows, dtype)
}

/** Kernels that pick or place elements by index. */
export const indexing: TranslationTable = {
  GatherV2: gather,
  GatherNd: gatherNd,
  ScatterNd: scatterNd,
  UnsortedSegmentSum: unsortedSegmentSum,
  OneHot: oneHot,
}
