import { defined } from '@kic/core'
import { sizeOf, type Value } from '../graph.ts'
import type { GraphBuilder } from '../graph-builder.ts'
import type { Translation, TranslationTable } from '../translation.ts'
import { isInRange, neverNegative } from './index-range.ts'
import { withoutBool } from './numeric.ts'
import { where } from './where.ts'

/** The operator of sums of scattered rows in a graph until they are lowered. */
export const SCATTER_ROWS = 'ScatterRows'

/**
 * Sums rows into a zero matrix: `result[indices[i]] += rows[i]`.
 *
 * @param indices int32 [N]
 * @param rows [N, inner]
 */
export const scatterRows = (g: GraphBuilder, indices: Value, rows: Value, count: number): Value =>
  sizeOf(rows.shape) === 0
    ? g.fill(0, rows.dtype, [count, defined(rows.shape[1])])
    : g.node(SCATTER_ROWS, [indices, rows], rows.dtype, [count, defined(rows.shape[1])], { domain: 'kic' })

/** The same without rows whose index is outside the matrix. */
const scatterRowsWithin = (g: GraphBuilder, indices: Value, rows: Value, count: number): Value => {
  const low = g.binary('GreaterOrEqual', indices, g.scalar(0, 'int32'), 'bool')
  const inside = g.binary('And', low, g.binary('Less', indices, g.scalar(count, 'int32'), 'bool'))
  const column = g.reshape(inside, [defined(indices.shape[0]), 1])
  const zero = g.scalar(0, 'int32')
  return scatterRows(
    g,
    where(g, inside, indices, zero),
    where(g, column, rows, g.scalar(0, rows.dtype)),
    count,
  )
}

/** Turns points of the leading axes into row numbers, so every scatter becomes one of rows. */
const rowsOf = (g: GraphBuilder, indices: Value, updates: Value, shape: readonly number[]) => {
  const depth = indices.shape.length > 1 ? defined(indices.shape.at(-1)) : 1
  const points = depth === 0 ? 1 : sizeOf(indices.shape) / depth
  const leading = shape.slice(0, depth)
  const strides = leading.map((_, i) => sizeOf(leading.slice(i + 1)))
  const flat = g.reshape(indices, [points, depth])
  const scaled = g.binary('Mul', flat, g.constant(Int32Array.from(strides), 'int32', [depth]))
  const counted = depth === 1 ? g.reshape(flat, [points]) : g.reduce('ReduceSum', scaled, [1], false)
  const numbers = neverNegative(g, counted)
  const inner = sizeOf(shape.slice(depth))
  const rows = sizeOf(updates.shape) === 1 ? g.expand(g.reshape(updates, [1, 1]), [points, inner]) : updates
  return { numbers, rows: g.reshape(rows, [points, inner]), count: sizeOf(leading), inner }
}

const scatterNd: Translation = ({ g, input, attributes }) => {
  const shape = attributes.numbers('shape')
  const updates = input('updates')
  const { numbers, rows, count } = rowsOf(g, input('indices'), withoutBool(g, updates), shape)
  return g.cast(g.reshape(scatterRows(g, numbers, rows, count), shape), updates.dtype)
}

/** Replaces rows; if an index occurs twice, the last one wins, because ScatterElements keeps the order. */
const replaceRows = (g: GraphBuilder, target: Value, indices: Value, updates: Value): Value => {
  const { numbers, rows, count, inner } = rowsOf(g, indices, updates, target.shape)
  if (sizeOf(rows.shape) === 0) return target
  const column = g.reshape(g.cast(numbers, 'int64'), [defined(numbers.shape[0]), 1])
  const result = g.node(
    'ScatterElements',
    [g.reshape(target, [count, inner]), g.expand(column, rows.shape), rows],
    target.dtype,
    [count, inner],
    { attributes: { axis: 0 } },
  )
  return g.reshape(result, target.shape)
}

const sparseToDense: Translation = ({ g, input, attributes }) => {
  const updates = input('sparseValues')
  const target = g.expand(g.cast(input('defaultValue'), updates.dtype), attributes.numbers('outputShape'))
  return replaceRows(g, target, input('sparseIndices'), updates)
}

/** Sums the rows of each segment. Rows whose segment number is out of range are left out, as in TensorFlow. */
const unsortedSegmentSum: Translation = ({ g, input, attributes }) => {
  const [x, ids] = [withoutBool(g, input('x')), input('segmentIds')]
  const count = attributes.number('numSegments')
  const inner = x.shape.slice(ids.shape.length)
  const n = sizeOf(ids.shape)
  const scatter = isInRange(g, ids, count) ? scatterRows : scatterRowsWithin
  const rows = scatter(g, g.reshape(ids, [n]), g.reshape(x, [n, sizeOf(inner)]), count)
  return g.reshape(rows, [count, ...inner])
}

/** The count, or the sum of weights, of each value in [0, size); per row if x has two axes. */
const bincount: Translation = ({ g, input, attributes }) => {
  const [x, given] = [input('x'), input('weights')]
  const size = attributes.number('size')
  const n = sizeOf(x.shape)
  const binary = attributes.has('binaryOutput') && attributes.flag('binaryOutput')
  const weights = binary || sizeOf(given.shape) === 0 ? g.fill(1, given.dtype, x.shape) : given
  const values = g.reshape(x, [n])
  const column = g.reshape(withoutBool(g, weights), [n, 1])
  const counted = (bins: Value, shape: readonly number[]): Value => {
    const sums = g.reshape(scatterRowsWithin(g, bins, column, sizeOf(shape)), shape)
    return g.cast(binary ? g.cast(sums, 'bool') : sums, given.dtype)
  }
  if (x.shape.length < 2) return counted(values, [size])
  const [rows = 1, columns = 1] = x.shape
  const row = Int32Array.from({ length: n }, (_, i) => size * Math.floor(i / columns))
  const low = g.binary('GreaterOrEqual', values, g.scalar(0, 'int32'), 'bool')
  const inside = g.binary('And', low, g.binary('Less', values, g.scalar(size, 'int32'), 'bool'))
  const bins = where(g, inside, g.binary('Add', values, g.constant(row, 'int32', [n])), g.scalar(-1, 'int32'))
  return counted(bins, [rows, size])
}

/** Kernels that place elements by index. */
export const scatters: TranslationTable = {
  ScatterNd: scatterNd,
  TensorScatterUpdate: ({ g, input }) => replaceRows(g, input('tensor'), input('indices'), input('updates')),
  SparseToDense: sparseToDense,
  UnsortedSegmentSum: unsortedSegmentSum,
  Bincount: bincount,
  DenseBincount: bincount,
}
