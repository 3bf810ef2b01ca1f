import type { GraphDType, Value } from '../graph.ts'
import type { GraphBuilder } from '../graph-builder.ts'
import { unsupported } from '../unsupported.ts'

/** The value itself. Booleans are refused, because TensorFlow.js does not define their arithmetic. */
export const numeric = (kernel: string, x: Value): Value => {
  if (x.dtype !== 'bool') return x
  throw unsupported(
    kernel,
    'its operand must be a number, received bool. Cast it first, as in `x.cast("float32")`',
  )
}

/**
 * Computes in float32 for every type of operand. An int32 operand gives an int32 result, truncated towards zero, as on
 * TensorFlow.js's cpu backend.
 */
export const inFloat = (
  g: GraphBuilder,
  kernel: string,
  x: Value,
  compute: (x: Value) => Value,
  dtype: GraphDType = x.dtype,
): Value => g.cast(compute(g.cast(numeric(kernel, x), 'float32')), dtype)

/** Booleans as integers, for operators of ONNX Runtime without booleans; other types stay unchanged. */
export const withoutBool = (g: GraphBuilder, x: Value): Value => (x.dtype === 'bool' ? g.cast(x, 'int32') : x)
