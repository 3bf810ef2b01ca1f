import type { Value } from '../graph.ts'
import type { GraphBuilder } from '../graph-builder.ts'

/** `condition ? a : b`, broadcast; `a` and `b` have the same type. ONNX Runtime's Where does not support booleans. */
export const where = (g: GraphBuilder, condition: Value, a: Value, b: Value): Value => {
  if (a.dtype === 'bool') {
    const otherwise = g.binary('And', g.not(condition), b)
    return g.binary('Or', g.binary('And', condition, a), otherwise)
  }
  return g.broadcast([condition, a, b], (operands, shape) => g.node('Where', operands, a.dtype, shape))
}
