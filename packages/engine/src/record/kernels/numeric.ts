import type { GraphDType, Value } from '../graph.ts'
import type { GraphBuilder } from '../graph-builder.ts'
import { unsupported } from '../unsupported.ts'

/** The value itself; TensorFlow.js leaves arithmetic on booleans to chance, so it is refused. */
export const numeric = (kernel: string, x: Value): Value => {
  if (x.dtype !== 'bool') return x
  throw unsupported(kernel, 'its operand is bool. Cast it first, as in `x.cast("float32")`')
}

/**
 * Computes in float32 whatever the operand's type. An int32 operand gives an int32 result, cut towards zero, as on
 * TensorFlow.js's cpu backend.
 */
export const inFloat = (
  g: GraphBuilder,
  kernel: string,
  x: Value,
  compute: (x: Value) => Value,
  dtype: GraphDType = x.dtype,
): Value => g.cast(compute(g.cast(numeric(kernel, x), 'float32')), dtype)

/** Booleans as integers, for operators of ONNX Runtime that know no booleans; other types as they are. */
export const withoutBool = (g: GraphBuilder, x: Value): Value => (x.dtype === 'bool' ? g.cast(x, 'int32') : x)
