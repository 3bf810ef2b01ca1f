import type { Tensor } from '@kic/engine'
import { fusedKernel } from '@kic/engine'
import * as tf from '@tensorflow/tfjs'
import type { LstmWeights } from './lstm-weights.ts'
import { savedAt } from './with-gradient.ts'

/**
 * The states of one layer by ONNX's `LSTM`, if the engine has it. Nothing in it depends on the number of positions,
 * which may thus be symbolic in exported models.
 *
 * @param x [S, B, I]
 * @param counted [S, B], 1 for positions that count, 0 for positions that states skip; default: all count
 * @returns states at every position, one [S, B, H] per direction
 */
export const kernelStates = (
  weights: readonly LstmWeights[],
  x: Tensor,
  counted: Tensor | undefined,
): Tensor[] | undefined => {
  if (!counted) return runKernel(weights, x)
  // The kernel only knows lengths, so tokens move to the front before it, and states back to their tokens after it.
  const { lengths, toFront, back } = compaction(counted)
  const batchFirst = (states: Tensor): Tensor => tf.transpose(states, [1, 0, 2])
  const compact = batchFirst(tf.matMul(toFront, batchFirst(x))) // [S, B, I]
  return runKernel(weights, compact, lengths)?.map((states, d) =>
    batchFirst(tf.matMul(savedAt(back, d), batchFirst(states))),
  )
}

/** [S, B, I] → one [S, B, H] per direction. */
const runKernel = (weights: readonly LstmWeights[], x: Tensor, lengths?: Tensor): Tensor[] | undefined => {
  const stacked = (of: (w: LstmWeights) => Tensor): Tensor => tf.stack(weights.map(of))
  const inputs = [
    x,
    stacked((w) => inOnnxOrder(w.inputWeight)), // [D, 4H, I]
    stacked((w) => inOnnxOrder(w.hiddenWeight)), // [D, 4H, H]
    stacked((w) => tf.concat([inOnnxOrder(w.inputBias), inOnnxOrder(w.hiddenBias)])), // [D, 8H]
  ]
  const [states] = fusedKernel('LSTM', lengths ? [...inputs, lengths] : inputs) ?? [] // [S, D, B, H]
  return states && tf.unstack(states, 1)
}

/** Gates i, f, g, o → i, o, f, g. */
const inOnnxOrder = (x: Tensor): Tensor => {
  const gates = tf.split(x, 4)
  return tf.concat([0, 3, 1, 2].map((gate) => savedAt(gates, gate)))
}

/** Matrices that move tokens to the front, and states back to positions. */
interface Compaction {
  /** Tokens per row, int32 [B]. */
  readonly lengths: Tensor
  /** [B, place, position] */
  readonly toFront: Tensor
  /** One [B, position, place] per direction: padding takes the state of the token read before it. */
  readonly back: readonly Tensor[]
}

/** @param counted [S, B] */
const compaction = (counted: Tensor): Compaction => {
  const mask = tf.transpose(counted) // [B, S]
  const upTo = tf.cumsum(mask, 1) // tokens up to and including each position
  const before = tf.sub(upTo, mask)
  const places = tf.sub(tf.cumsum(tf.onesLike(mask), 1), 1) // 0, 1, 2, … in every row
  const matrix = (ofPosition: Tensor): Tensor =>
    tf.cast(tf.equal(tf.expandDims(ofPosition, 2), tf.expandDims(places, 1)), 'float32') // [B, position, place]
  const fromPlaces = matrix(before)
  return {
    lengths: tf.cast(tf.sum(mask, 1), 'int32'),
    toFront: tf.transpose(tf.mul(fromPlaces, tf.expandDims(mask, 2)), [0, 2, 1]),
    back: [matrix(tf.sub(upTo, 1)), fromPlaces],
  }
}
