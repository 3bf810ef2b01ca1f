import type { TranslationTable } from '../translation.ts'

/** Kernels that TensorFlow.js lacks and ONNX Runtime computes in one pass. `fusedKernel` calls them. */
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
  /**
   * x [S, B, I], input weights [D, 4H, I], hidden weights [D, 4H, H], biases of both [D, 8H] and optionally the rows'
   * lengths [B] → states [S, D, B, H], zero after a row's end. Gates in ONNX's order: input, output, forget, cell.
   */
  LSTM: ({ g, inputs }) => {
    const [x, , hidden, biases, lengths] = inputs
    if (x === undefined || hidden === undefined) return []
    const [length = 0, batch = 0] = x.shape
    const [directions = 1, , width = 0] = hidden.shape
    const operands = lengths === undefined ? inputs : [...inputs.slice(0, 4), g.cast(lengths, 'int32')]
    return g.node(
      'LSTM',
      biases === undefined ? [] : operands,
      'float32',
      [length, directions, batch, width],
      {
        attributes: { hidden_size: width, direction: directions === 2 ? 'bidirectional' : 'forward' },
      },
    )
  },
}
