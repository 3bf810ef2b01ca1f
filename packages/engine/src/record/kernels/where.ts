import type { Value } from '../graph.ts'
import { broadcastShape, type GraphBuilder } from '../graph-builder.ts'

/** `condition ? a : b`, broadcast; `a` and `b` are of one type. ONNX Runtime's Where knows no booleans. */
export const where = (g: GraphBuilder, condition: Value, a: Value, b: Value): Value => {
  if (a.dtype === 'bool') {
    const otherwise = g.binary('And', g.unary('Not', condition), b)
    return g.binary('Or', g.binary('And', condition, a), otherwise)
  }
  const shape = broadcastShape('Where', broadcastShape('Where', condition.shape, a.shape), b.shape)
  return g.node('Where', [condition, a, b], a.dtype, shape)
}
