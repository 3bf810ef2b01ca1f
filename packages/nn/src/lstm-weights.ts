import { KicError } from '@kic/core'
import type { Tensor, Tensors } from '@kic/engine'
import type { NnErrorCode } from './error-code.ts'
import { lstmNames } from './lstm-parameters.ts'
import { parameter } from './parameter.ts'

/** The four parameters of one direction, gates in PyTorch's order: input, forget, cell, output. */
export interface LstmWeights {
  /** [4H, I] */
  readonly inputWeight: Tensor
  /** [4H, H] */
  readonly hiddenWeight: Tensor
  /** [4H] */
  readonly inputBias: Tensor
  /** [4H] */
  readonly hiddenBias: Tensor
}

/**
 * The parameters of a layer, one entry per direction; the second direction reads from the end.
 *
 * @throws KicError `nn/missing-parameter`, `nn/lstm-shape`
 */
export const layerWeights = (
  params: Tensors,
  prefix: string,
  layer: number,
  directions: number,
): readonly LstmWeights[] =>
  Array.from({ length: directions }, (_, d) => {
    const names = lstmNames(prefix, layer, d === 1)
    const inputWeight = parameter(params, names.inputWeight)
    const hiddenWeight = parameter(params, names.hiddenWeight)
    const [rows = 0, width = 0] = hiddenWeight.shape
    if (rows !== 4 * width || inputWeight.shape[0] !== rows) {
      throw new KicError<NnErrorCode>(
        'nn/lstm-shape',
        `lstm: '${names.inputWeight}' must be [4H, I] and '${names.hiddenWeight}' [4H, H], received [${inputWeight.shape}] and [${hiddenWeight.shape}]. Use the parameters of lstmParameters.`,
      )
    }
    return {
      inputWeight,
      hiddenWeight,
      inputBias: parameter(params, names.inputBias),
      hiddenBias: parameter(params, names.hiddenBias),
    }
  })
