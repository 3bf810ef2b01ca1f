import { sameShape, type Value } from '../graph.ts'
import { broadcastShape, type GraphBuilder } from '../graph-builder.ts'

/** `condition ? a : b`, broadcast; `a` and `b` are of one type. ONNX Runtime's Where knows no booleans. */
export const where = (g: GraphBuilder, condition: Value, a: Value, b: Value): Value => {
  if (a.dtype === 'bool') {
    const otherwise = g.binary('And', g.not(condition), b)
    return g.binary('Or', g.binary('And', condition, a), otherwise)
  }
  const shape = broadcastShape(broadcastShape(condition.shape, a.shape), b.shape)
  // Where broadcasts by itself: operands are taken as they were before TensorFlow.js broadcast them.
  const [x, y] = [g.unexpanded(a, condition, shape), g.unexpanded(b, condition, shape)]
  const chosen = g.unexpanded(condition, sameShape(x.shape, shape) ? x : y, shape)
  return g.node('Where', [chosen, x, y], a.dtype, shape)
}
