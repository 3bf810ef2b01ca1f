import * as tf from '@tensorflow/tfjs'
import type { AdamWScalars } from './adamw.ts'

/** A parameter and its moments. */
export interface AdamWTensors {
  readonly p: tf.Tensor
  readonly m: tf.Tensor
  readonly v: tf.Tensor
}

/** The numbers of an update, of which those that change between steps may be scalar tensors. */
export type AdamWFactors = Omit<AdamWScalars, Varying> & Readonly<Record<Varying, number | tf.Tensor>>
type Varying = 'decay' | 'stepSize' | 'rootScale'

/** One AdamW update on tensors of the current backend, with the arithmetic of the update on arrays. */
export const updatedAdamW = (
  { p, m, v }: AdamWTensors,
  gradient: tf.Tensor,
  gradScale: number | tf.Tensor,
  { beta1, beta2, epsilon, decay, decayAfter, stepSize, rootScale }: AdamWFactors,
): AdamWTensors => {
  const g = gradient.mul(gradScale)
  const first = m.mul(beta1).add(g.mul(1 - beta1))
  const second = v.mul(beta2).add(g.square().mul(1 - beta2))
  const change = first.mul(stepSize).div(second.sqrt().mul(rootScale).add(epsilon))
  const moved = decayAfter ? p.sub(change).mul(decay) : p.mul(decay).sub(change)
  return { p: moved, m: first, v: second }
}

/** An update of the rows that have a gradient; the others stay as they are before it. */
export const inTouchedRows = (
  before: AdamWTensors,
  after: AdamWTensors,
  gradient: tf.Tensor,
): AdamWTensors => {
  const [rows = 1] = gradient.shape
  const shape = [rows, ...gradient.shape.slice(1).map(() => 1)]
  const touched = gradient.notEqual(tf.scalar(0)).reshape([rows, -1]).any(1).reshape(shape)
  const chosen = (slot: keyof AdamWTensors) => tf.where(touched, after[slot], before[slot])
  return { p: chosen('p'), m: chosen('m'), v: chosen('v') }
}
