import type { Tensor } from '@kic/engine'
import * as tf from '@tensorflow/tfjs'
import { linear } from './linear.ts'
import { kernelStates } from './lstm-kernel.ts'
import { lstmRecurrence } from './lstm-recurrence.ts'
import type { LstmWeights } from './lstm-weights.ts'

/** States of one layer. */
export interface LayerStates {
  /** At every position, the directions side by side, [S, B, D·H]. */
  readonly sequence: Tensor
  /** The final state of each direction, [B, H] each. */
  readonly final: Tensor[]
}

/**
 * One layer: both directions run through the same S steps, after one matrix product for all inputs. In inference one
 * kernel does all of it, if the engine has it.
 *
 * @param x [S, B, I]
 * @param counted [S, B], 1 for positions that count, 0 for positions that states skip; default: all count
 */
export const lstmLayer = (
  weights: readonly LstmWeights[],
  x: Tensor,
  counted: Tensor | undefined,
  training: boolean,
): LayerStates => {
  const directions = weights.length
  const [length = 0, batch = 0] = x.shape
  const gates = weights.map(({ inputWeight, inputBias, hiddenBias }, d) => {
    const bias = tf.add(inputBias, hiddenBias)
    return tf.expandDims(linear(inReadingOrder(x, d), inputWeight, bias), 1) // [S, 1, B, 4H]
  })
  const hidden = tf.stack(weights.map(({ hiddenWeight }) => hiddenWeight)) // [D, 4H, H]
  const [, rows = 0, width = 0] = hidden.shape
  const states = lstmRecurrence(
    {
      gates: tf.reshape(tf.concat(gates, 1), [length * directions, batch, rows]),
      weight: hidden,
      counts: counted && countedStates(counted, directions, width),
    },
    training ? undefined : () => inSteps(kernelStates(weights, x, counted)),
  ) // [S·D, B, H]
  const every = tf.reshape(states, [length, directions, batch, width])
  // The last step is the first from the end, a position independent of S, which may be symbolic in exported models.
  const last = tf.slice(tf.reverse(every, 0), [0, 0, 0, 0], [1, directions, batch, width])
  const sequence = weights.map((_, d) => {
    const one = tf.slice(every, [0, d, 0, 0], [-1, 1, -1, -1])
    return inReadingOrder(tf.reshape(one, [length, batch, width]), d)
  })
  return { sequence: tf.concat(sequence, 2), final: tf.unstack(tf.reshape(last, [directions, batch, width])) }
}

/** Where steps count, [S, B] of 1 and 0 → bool [S·D, B, H]. */
const countedStates = (counted: Tensor, directions: number, width: number): Tensor => {
  const [length = 0, batch = 0] = counted.shape
  const steps = tf.stack(
    Array.from({ length: directions }, (_, d) => inReadingOrder(counted, d)),
    1,
  ) // [S, D, B]
  const states = tf.reshape(steps, [length * directions, batch, 1])
  return tf.greater(tf.mul(states, tf.ones([1, 1, width])), 0.5)
}

/** States at positions, one [S, B, H] per direction → at steps, [S·D, B, H]. */
const inSteps = (directions: readonly Tensor[] | undefined): Tensor | undefined => {
  if (directions === undefined) return undefined
  const [length = 0, batch = 0, width = 0] = directions[0]?.shape ?? []
  const steps = directions.map((states, d) => inReadingOrder(states, d))
  return tf.reshape(tf.stack(steps, 1), [length * steps.length, batch, width])
}

/** Positions to steps, or back: direction 1 reads from the end. */
const inReadingOrder = (x: Tensor, direction: number): Tensor => (direction === 1 ? tf.reverse(x, 0) : x)
