import type { TranslationTable } from '../translation.ts'

/** Kernels beyond TensorFlow.js's own, that ONNX Runtime computes in one pass. Reached through `fusedKernel`. */
export const fused: TranslationTable = {
  /** x, weight, bias → y, mean, 1 / standard deviation (the last two with a last axis of 1). */
  LayerNormalization: ({ g, inputs, attributes }) => {
    const [x] = inputs
    if (x === undefined) return []
    const statistics = [...x.shape.slice(0, -1), 1]
    return g.many(
      'LayerNormalization',
      inputs,
      [
        ['float32', x.shape],
        ['float32', statistics],
        ['float32', statistics],
      ],
      { attributes: { axis: -1, epsilon: { float: attributes.number('epsilon') } } },
    )
  },
  /** x → x · Φ(x), the exact Gaussian error linear unit. */
  Gelu: ({ g, inputs }) => {
    const [x] = inputs
    return x === undefined ? [] : g.unary('Gelu', x, 'float32', { domain: 'com.microsoft' })
  },
}
