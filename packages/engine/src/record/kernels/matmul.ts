import type { Value } from '../graph.ts'
import { broadcastShape, type GraphBuilder } from '../graph-builder.ts'
import type { Translation, TranslationTable } from '../translation.ts'

/** Matrix product over the last two axes, either operand transposed, leading axes broadcast. */
export const matMul = (g: GraphBuilder, a: Value, b: Value, transA: boolean, transB: boolean): Value => {
  const [rows, columns] = [a.shape.at(transA ? -1 : -2) ?? 1, b.shape.at(transB ? -2 : -1) ?? 1]
  const batch = broadcastShape('MatMul', a.shape.slice(0, -2), b.shape.slice(0, -2))
  const shape = [...batch, rows, columns]
  if (!transA && !transB) return g.node('MatMul', [a, b], 'float32', shape)
  return g.node('FusedMatMul', [a, b], 'float32', shape, {
    domain: 'com.microsoft',
    attributes: { transA: transA ? 1 : 0, transB: transB ? 1 : 0 },
  })
}

const batchMatMul: Translation = ({ g, input, attributes }) =>
  matMul(
    g,
    g.cast(input('a'), 'float32'),
    g.cast(input('b'), 'float32'),
    attributes.flag('transposeA'),
    attributes.flag('transposeB'),
  )

/** Matrix products. */
export const matrixProducts: TranslationTable = { BatchMatMul: batchMatMul }
