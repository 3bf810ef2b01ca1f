import { KicError } from '@kic/core'
import type { Context, Tensors } from '@kic/engine'
import type { Tensor } from '@tensorflow/tfjs'
import * as tf from '@tensorflow/tfjs'
import { linear } from './linear.ts'
import { type LstmShape, lstmNames } from './lstm-parameters.ts'
import { lstmRecurrence } from './lstm-recurrence.ts'
import { parameter } from './parameter.ts'

export interface LstmOptions extends LstmShape {
  /** Dropout between layers, so without effect on a single one; default 0. */
  readonly dropout?: number
  /**
   * 1 for tokens, 0 for padding, int32 [B, S]. States then pass over padding unchanged, so the direction from the end
   * begins at the last token. Default: every position counts.
   */
  readonly mask?: Tensor | undefined
}

export interface LstmOutput {
  /**
   * States of the last layer at every position, [B, S, H], or [B, S, 2H] with those of the direction from the end
   * behind. Padding has the state of the token read before it.
   */
  readonly sequence: Tensor
  /**
   * The state that each direction of the last layer ends with, one [B, H] a direction: the state at the last position
   * (with a mask: token), and for the direction from the end at the first.
   */
  readonly final: readonly Tensor[]
}

/**
 * `torch.nn.LSTM` with `batch_first`: [B, S, I] → states. All layers and directions start from zero.
 *
 * The input's share of the gates is one matrix product for all positions; both directions then run through the same
 * S steps.
 *
 * @param params those of `lstmParameters`
 * @throws KicError `nn/lstm-shape`, `nn/missing-parameter`
 */
export const lstm = (params: Tensors, x: Tensor, options: LstmOptions, ctx: Context): LstmOutput => {
  const { layers = 1, dropout = 0, mask } = options
  checkShapes(x, mask)
  if (!Number.isInteger(layers) || layers < 1) {
    throw new KicError('nn/lstm-shape', `lstm: layers must be a positive integer, received ${layers}.`)
  }
  return tf.tidy(() => {
    const counted = mask && tf.cast(tf.transpose(mask), 'float32') // [S, B]
    let input = tf.transpose(x, [1, 0, 2]) // [S, B, I]
    let output: LayerOutput = { directions: [], final: [] }
    for (let layer = 0; layer < layers; layer++) {
      output = oneLayer(params, layer === 0 ? input : ctx.dropout(input, dropout), layer, counted, options)
      input = concatenated(output.directions)
    }
    return { sequence: tf.transpose(input, [1, 0, 2]), final: output.final }
  })
}

interface LayerOutput {
  /** [S, B, H] each, in the order of the positions. */
  readonly directions: Tensor[]
  /** [B, H] each. */
  readonly final: Tensor[]
}

/** @param x [S, B, I] */
const oneLayer = (
  params: Tensors,
  x: Tensor,
  layer: number,
  counted: Tensor | undefined,
  { prefix, bidirectional = false }: LstmOptions,
): LayerOutput => {
  const directions = bidirectional ? [false, true] : [false]
  const [length = 0, batch = 0] = x.shape
  const weights: Tensor[] = []
  const gates = directions.map((reverse) => {
    const names = lstmNames(prefix, layer, reverse)
    const inputWeight = parameter(params, names.inputWeight)
    const hiddenWeight = parameter(params, names.hiddenWeight)
    const [rows = 0, width = 0] = hiddenWeight.shape
    if (rows !== 4 * width || inputWeight.shape[0] !== rows) {
      throw new KicError(
        'nn/lstm-shape',
        `lstm: '${names.inputWeight}' must be [4H, I] and '${names.hiddenWeight}' [4H, H]; they are [${inputWeight.shape}] and [${hiddenWeight.shape}].`,
      )
    }
    weights.push(hiddenWeight)
    const bias = tf.add(parameter(params, names.inputBias), parameter(params, names.hiddenBias))
    return tf.expandDims(linear(inReadingOrder(x, reverse), inputWeight, bias), 1) // [S, 1, B, 4H]
  })
  const [rows = 0, width = 0] = weights[0]?.shape ?? []
  const states = lstmRecurrence({
    gates: tf.reshape(tf.concat(gates, 1), [length * directions.length, batch, rows]),
    weight: tf.stack(weights), // [D, 4H, H]
    counts: counted && countedStates(counted, directions, width),
  }) // [S·D, B, H]
  const every = tf.reshape(states, [length, directions.length, batch, width])
  return {
    directions: directions.map((reverse, d) => {
      const one = tf.slice(every, [0, d, 0, 0], [-1, 1, -1, -1])
      return inReadingOrder(tf.reshape(one, [length, batch, width]), reverse)
    }),
    final: tf.unstack(
      tf.slice(states, [(length - 1) * directions.length, 0, 0], [directions.length, -1, -1]),
    ),
  }
}

/** Where steps count, [S, B] of 1 and 0 → bool [S·D, B, H]. */
const countedStates = (counted: Tensor, directions: readonly boolean[], width: number): Tensor => {
  const [length = 0, batch = 0] = counted.shape
  const steps = tf.stack(
    directions.map((reverse) => inReadingOrder(counted, reverse)),
    1,
  ) // [S, D, B]
  const states = tf.reshape(steps, [length * directions.length, batch, 1])
  return tf.greater(tf.mul(states, tf.ones([1, 1, width])), 0.5)
}

/** Positions to steps, or back. */
const inReadingOrder = (x: Tensor, reverse: boolean): Tensor => (reverse ? tf.reverse(x, 0) : x)

/** States of all directions side by side, [S, B, D·H]. */
const concatenated = (directions: Tensor[]): Tensor => tf.concat(directions, 2)

const checkShapes = (x: Tensor, mask: Tensor | undefined): void => {
  const [batch, length] = x.shape
  if (x.rank !== 3 || !batch || !length) {
    throw new KicError(
      'nn/lstm-shape',
      `lstm: the input must be [B, S, I] with S above 0, it is [${x.shape}].`,
    )
  }
  if (mask && `${mask.shape}` !== `${[batch, length]}`) {
    throw new KicError('nn/lstm-shape', `lstm: the mask must be [${batch},${length}], it is [${mask.shape}].`)
  }
}
