import { defined } from '@kic/core'
import type { Engine, Tensors } from '@kic/engine'
import * as tf from '@tensorflow/tfjs'

const floats = (shape: readonly number[], element: (i: number) => number) => ({
  dtype: 'float32' as const,
  shape,
  data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => element(i)),
})

const tensor = (tensors: Tensors, name: string): tf.Tensor => {
  const found = tensors[name]
  if (found === undefined) throw new Error(`there is no ${name}`)
  return found
}

/** Losses of some steps in which two layers with dropout learn the exclusive or. */
export const smallTraining = async (engine: Engine, steps: number): Promise<number[]> => {
  const params = engine.place({
    w1: floats([2, 16], (i) => Math.sin(9 * i)),
    b1: floats([16], () => 0),
    w2: floats([16, 1], (i) => Math.cos(7 * i)),
  })
  const step = engine.trainStep({
    params,
    loss: (p, batch, ctx) => {
      const hidden = tf.tanh(tf.matMul(tensor(batch, 'x'), tensor(p, 'w1')).add(tensor(p, 'b1')))
      const logits = tf.matMul(ctx.dropout(hidden, 0.1), tensor(p, 'w2'))
      return tf.losses.sigmoidCrossEntropy(tensor(batch, 'y'), logits).asScalar()
    },
    optimizer: { kind: 'adamw', maxGradNorm: 1 },
    seed: 42,
  })
  const batch = {
    x: floats([4, 2], (i) => defined([0, 0, 0, 1, 1, 0, 1, 1][i])),
    y: floats([4, 1], (i) => defined([0, 1, 1, 0][i])),
  }
  const losses: number[] = []
  for (let i = 0; i < steps; i++) losses.push((await step([batch], { learningRate: 0.02 })).loss)
  step.dispose()
  params.dispose()
  return losses
}
