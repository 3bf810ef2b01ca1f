import { KicError } from '@kic/core'
import type { Context, Tensor, Tensors } from '@kic/engine'
import * as tf from '@tensorflow/tfjs'
import type { NnErrorCode } from './error-code.ts'
import { lstmLayer } from './lstm-layer.ts'
import type { LstmShape } from './lstm-parameters.ts'
import { layerWeights } from './lstm-weights.ts'

export interface LstmOptions extends LstmShape {
  /** Dropout between layers; it has no effect on a single layer. Default 0. */
  readonly dropout?: number | undefined
  /**
   * 1 for tokens, 0 for padding, int32 [B, S]. States then stay unchanged over padding, so the direction from the end
   * starts at the last token. Default: every position counts.
   */
  readonly mask?: Tensor | undefined
}

export interface LstmOutput {
  /**
   * States of the last layer at every position, [B, S, H], or [B, S, 2H] with those of the direction from the end last.
   * Padding has the state of the token read before it.
   */
  readonly sequence: Tensor
  /**
   * The final state of each direction of the last layer, one [B, H] per direction: the state at the last position (with
   * a mask: at the last token), and for the direction from the end the state at the first.
   */
  readonly final: readonly Tensor[]
}

/**
 * `torch.nn.LSTM` with `batch_first`: [B, S, I] → states. All layers and directions start from zero.
 *
 * Training unrolls the S steps, both directions in one. Inference is one kernel per layer if the engine has it, and
 * exports with any number of positions.
 *
 * @param params those of `lstmParameters`
 * @throws KicError `nn/lstm-shape`, `nn/missing-parameter`
 */
export const lstm = (params: Tensors, x: Tensor, options: LstmOptions, ctx: Context): LstmOutput => {
  const { prefix, layers = 1, bidirectional = false, dropout = 0, mask } = options
  checkShapes(x, mask)
  if (!Number.isInteger(layers) || layers < 1) {
    throw new KicError<NnErrorCode>(
      'nn/lstm-shape',
      `lstm: layers must be a positive integer, received ${layers}. Correct it.`,
    )
  }
  return tf.tidy(() => {
    const counted = mask && tf.cast(tf.transpose(mask), 'float32') // [S, B]
    let input = tf.transpose(x, [1, 0, 2]) // [S, B, I]
    let final: Tensor[] = []
    for (let layer = 0; layer < layers; layer++) {
      const weights = layerWeights(params, prefix, layer, bidirectional ? 2 : 1)
      const read = layer === 0 ? input : ctx.dropout(input, dropout)
      const states = lstmLayer(weights, read, counted, ctx.training)
      input = states.sequence // [S, B, D·H]
      final = states.final
    }
    return { sequence: tf.transpose(input, [1, 0, 2]), final }
  })
}

const checkShapes = (x: Tensor, mask: Tensor | undefined): void => {
  const [batch, length] = x.shape
  if (x.rank !== 3 || !batch || !length) {
    throw new KicError<NnErrorCode>(
      'nn/lstm-shape',
      `lstm: the input must be [B, S, I] with S above 0, received [${x.shape}]. Reshape it.`,
    )
  }
  if (mask && `${mask.shape}` !== `${[batch, length]}`) {
    throw new KicError<NnErrorCode>(
      'nn/lstm-shape',
      `lstm: the mask must be [${batch},${length}], received [${mask.shape}]. Use the batch's own mask.`,
    )
  }
}
