import type { ParamSpec } from './param-spec.ts'

/** Sizes and arrangement of an LSTM, like the arguments of `torch.nn.LSTM`. */
export interface LstmShape {
  /** Prefix of the parameter names, for example `BiLSTM.`. */
  readonly prefix: string
  /** Number of stacked LSTMs; default 1. */
  readonly layers?: number | undefined
  /** Whether a second LSTM reads each row from its end; default no. */
  readonly bidirectional?: boolean | undefined
}

/** PyTorch's names of the four parameters of one layer and direction: `weight_ih_l0`, …, `bias_hh_l1_reverse`. */
export const lstmNames = (prefix: string, layer: number, reverse: boolean) => {
  const suffix = `l${layer}${reverse ? '_reverse' : ''}`
  return {
    inputWeight: `${prefix}weight_ih_${suffix}`,
    hiddenWeight: `${prefix}weight_hh_${suffix}`,
    inputBias: `${prefix}bias_ih_${suffix}`,
    hiddenBias: `${prefix}bias_hh_${suffix}`,
  }
}

/**
 * The parameters of an LSTM in the order of PyTorch's state dict, uniform in ±1/√H like PyTorch's. The rows of each are
 * the gates input, forget, cell and output, H rows per gate.
 *
 * @param inputSize width of the first layer's input
 * @param hiddenSize H, the width of a state
 */
export const lstmParameters = (
  inputSize: number,
  hiddenSize: number,
  { prefix, layers = 1, bidirectional = false }: LstmShape,
): ParamSpec[] => {
  const directions = bidirectional ? [false, true] : [false]
  const init = { kind: 'uniform', bound: 1 / Math.sqrt(hiddenSize) } as const
  const gates = 4 * hiddenSize
  return Array.from({ length: layers }, (_, layer) =>
    directions.flatMap((reverse) => {
      const names = lstmNames(prefix, layer, reverse)
      const width = layer === 0 ? inputSize : directions.length * hiddenSize
      return [
        { name: names.inputWeight, shape: [gates, width], init },
        { name: names.hiddenWeight, shape: [gates, hiddenSize], init },
        { name: names.inputBias, shape: [gates], init },
        { name: names.hiddenBias, shape: [gates], init },
      ]
    }),
  ).flat()
}
