import { defined } from '@kic/core'
import { sizeOf, type Value } from '../../record/graph.ts'
import type { GraphBuilder } from '../../record/graph-builder.ts'
import { pad } from '../../record/kernels/shape.ts'
import type { Lowering, LoweringTable } from './lowering.ts'

/** Exchanges the last two axes. */
const swapped = (g: GraphBuilder, x: Value): Value => {
  const rank = x.shape.length
  return g.transpose(
    x,
    x.shape.map((_, i) => (i < rank - 2 ? i : 2 * rank - 3 - i)),
  )
}

/** A matrix product is a Gemm, which takes transposed operands; with further axes, operands are transposed before. */
const fusedMatMul: Lowering = ({ g, node: { attributes }, input, output }) => {
  const [a, b] = [input(0), input(1)]
  const { transA = 0, transB = 0, alpha } = attributes
  if (a.shape.length === 2 && b.shape.length === 2) {
    return g.node('Gemm', [a, b], 'float32', output.shape, {
      attributes: { transA, transB, ...(alpha !== undefined && { alpha }) },
    })
  }
  const [left, right] = [transA === 1 ? swapped(g, a) : a, transB === 1 ? swapped(g, b) : b]
  const product = g.node('MatMul', [left, right], 'float32', output.shape)
  if (typeof alpha !== 'object' || !('float' in alpha)) return product
  return g.binary('Mul', product, g.scalar(alpha.float))
}

/**
 * `result[k]` is the sum of the `rows[i]` with `indices[i] = numbers[k]`, as a product with a matrix of zeros and ones, because the provider adds scattered rows
 * in no fixed order. Integers are masked and summed instead, which is exact.
 *
 * @param numbers int32 [count]
 * @param indices int32 [N]
 * @param rows [N, inner]
 * @returns [count, inner]
 */
export const sumOfRows = (g: GraphBuilder, numbers: Value, indices: Value, rows: Value): Value => {
  const [n, inner] = [defined(rows.shape[0]), defined(rows.shape[1])]
  const count = sizeOf(numbers.shape)
  const at = (shape: readonly number[], index: readonly number[]): Value =>
    g.binary('Equal', g.reshape(numbers, shape), g.reshape(indices, index), 'bool')
  if (rows.dtype === 'float32') {
    const chosen = g.cast(at([count, 1], [1, n]), 'float32')
    return g.node('MatMul', [chosen, rows], 'float32', [count, inner])
  }
  const masked = g.node(
    'Where',
    [at([count, 1, 1], [1, n, 1]), g.reshape(rows, [1, n, inner]), g.scalar(0, rows.dtype)],
    rows.dtype,
    [count, n, inner],
  )
  return g.reduce('ReduceSum', masked, [1], false)
}

/** The provider pads alike before and after, so other paddings are made beforehand. */
const conv: Lowering = ({ g, node, inputs, input, output }) => {
  const { pads } = node.attributes
  const [top = 0, left = 0, bottom = 0, right = 0] = Array.isArray(pads) ? pads : []
  if (top === bottom && left === right) return undefined
  const around = [
    [0, 0],
    [0, 0],
    [top, bottom],
    [left, right],
  ] as const
  const padded = pad(g, input(0), around, 0)
  const attributes = { ...node.attributes, pads: [0, 0, 0, 0] }
  return g.node('Conv', [padded, ...inputs.slice(1)], 'float32', output.shape, { attributes })
}

/** Products that the provider lacks. */
export const products: LoweringTable = { FusedMatMul: fusedMatMul, Conv: conv }
