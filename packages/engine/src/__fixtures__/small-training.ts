import { createRandom } from '@kic/core'
import type { HostTensor, HostTensors } from '@kic/safetensors'
import * as tf from '@tensorflow/tfjs'
import type { AdamW, Engine, OptimizerState, LossFunction } from '../contract.ts'

const random = createRandom('engines-agree')
export const floats = (...shape: number[]): HostTensor => ({
  dtype: 'float32',
  shape,
  data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal() * 0.3),
})
export const ints = (limit: number, ...shape: number[]): HostTensor => ({
  dtype: 'int32',
  shape,
  data: Int32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.int(limit)),
})
export const copy = (tensors: HostTensors): HostTensors =>
  Object.fromEntries(Object.entries(tensors).map(([name, t]) => [name, { ...t, data: t.data.slice() }]))

/** Batches look up 15 of the table's 20 rows. */
export const initial: HostTensors = {
  table: floats(20, 8),
  w1: floats(8, 8),
  b1: floats(8),
  w2: floats(3, 8),
  unused: floats(2),
}

/** Embedding, dropout, a hidden layer, and the cross-entropy of three classes. */
export const loss: LossFunction = (params, batch, ctx) => {
  const { table, w1, b1, w2 } = params
  const { ids, labels } = batch
  if (!table || !w1 || !b1 || !w2 || !ids || !labels) throw new Error('incomplete')
  const embedded = tf.gather(table, ids.reshape([-1]).cast('int32')) // [B·S, 8]
  const hidden = ctx.dropout(tf.matMul(embedded, w1, false, true).add(b1).tanh(), 0.25)
  const pooled = hidden.reshape([4, 5, 8]).mean(1) // [B, 8]
  const logProbabilities = tf.logSoftmax(tf.matMul(pooled, w2, false, true))
  const oneHot = tf.oneHot(labels.cast('int32'), 3)
  const correct = logProbabilities.argMax(-1).equal(labels).cast('float32').sum()
  return { loss: oneHot.mul(logProbabilities).sum().div(-4).asScalar(), correct }
}

/** Where a run stands. */
export interface Trained {
  readonly losses: readonly number[]
  readonly params: HostTensors
  readonly state: OptimizerState
}

/** Trains some steps, which alternate between one and two micro-batches; `from` resumes another run of the same seed. */
export const trained = async (
  engine: Engine,
  steps: number,
  seed: number,
  settings: Partial<AdamW> = {},
  from?: Trained,
): Promise<Trained> => {
  const params = engine.place(copy(from?.params ?? initial))
  const optimizer: AdamW = { kind: 'adamw', maxGradNorm: 0.5, ...settings }
  const step = engine.trainStep({ params, loss, seed, optimizer })
  if (from !== undefined) await step.restore(from.state)
  const batches = createRandom('batches')
  const losses: number[] = []
  for (let i = 0; i < steps; i++) {
    const batch = () => ({
      ids: {
        dtype: 'int32' as const,
        shape: [4, 5],
        data: Int32Array.from({ length: 20 }, () => batches.int(15)),
      },
      labels: {
        dtype: 'int32' as const,
        shape: [4],
        data: Int32Array.from({ length: 4 }, () => batches.int(3)),
      },
    })
    const microBatches = i % 2 === 0 ? [batch()] : [batch(), batch()]
    if (i < (from?.state.step ?? 0)) continue
    losses.push((await step(microBatches, { learningRate: 0.01 })).loss)
  }
  return { losses, params: copy(await params.read()), state: await step.state() }
}

export const distance = (a: HostTensors, b: HostTensors): number =>
  Math.max(
    ...Object.entries(a).flatMap(([name, { data }]) =>
      Array.from(data, (x, i) => Math.abs(x - (b[name]?.data[i] ?? Number.NaN))),
    ),
  )
