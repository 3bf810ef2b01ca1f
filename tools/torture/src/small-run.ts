import { fitClassifier } from '@kic/classifier'
import { createRandom } from '@kic/core'
import { selectEngine } from '@kic/engine'
import { initialize } from '@kic/nn'
import { createRobertaConfig, sequenceClassifier } from '@kic/roberta'
import type { HostTensors } from '@kic/safetensors'
import { type CheckpointStore, createPredictor, type TrainCallbacks } from '@kic/trainer'

const CLASSES = 3
const config = createRobertaConfig({
  vocab_size: 60,
  hidden_size: 32,
  num_hidden_layers: 2,
  num_attention_heads: 2,
  intermediate_size: 64,
  max_position_embeddings: 40,
  num_labels: CLASSES,
})

const rowsOf = (count: number) => {
  const random = createRandom('torture')
  const labels = Int32Array.from({ length: count }, () => random.int(CLASSES))
  const inputIds = Array.from(labels, (label) =>
    Int32Array.from({ length: 3 + random.int(20) }, () => 3 + CLASSES * random.int(18) + label),
  )
  return { inputIds, labels }
}

/** Everything that a run ends with, under names of its own: parameters, their averages, the best parameters. */
export type RunEnd = HostTensors

/**
 * A run of a second with everything in it that has state: RoBERTa with dropout, accumulation, a schedule, averages of
 * weights, evaluations and the best of them. With a store, it is saved every other step and resumes from there.
 */
export const smallRun = async (
  store?: CheckpointStore,
  callbacks: readonly TrainCallbacks[] = [],
): Promise<RunEnd> => {
  const engine = await selectEngine('compiled')
  try {
    const model = sequenceClassifier(config)
    const rows = rowsOf(400)
    const predict = createPredictor({ engine, forward: model.logits, padTokenId: 1 })
    const result = await fitClassifier({
      engine,
      model,
      initial: initialize(model.parameters, 5),
      rows,
      padTokenId: 1,
      // All parameters decay alike.
      optimizer: { perParameter: () => ({}) },
      learningRate: 2e-3,
      schedule: { kind: 'cosine', warmupSteps: 3 },
      batchSize: 8,
      accumulation: 2,
      epochs: 3,
      seed: 5,
      weightAverage: { decay: 0.9 },
      evaluate: {
        run: async (params) => ({ mean: (await predict(params, rows)).logits.reduce((a, b) => a + b, 0) }),
        every: { everySteps: 5 },
        best: { metric: 'mean', mode: 'max' },
      },
      ...(store === undefined ? {} : { checkpoints: { store, every: { everySteps: 2 }, resume: true } }),
      callbacks,
    })
    const named = (prefix: string, tensors: HostTensors = {}) =>
      Object.entries(tensors).map(([name, t]) => [`${prefix}.${name}`, { ...t, data: t.data.slice() }])
    return Object.fromEntries([
      ...named('final', await result.params.read()),
      ...named('averaged', result.averaged),
      ...named('best', await result.best?.load()),
    ])
  } finally {
    engine.dispose()
  }
}

/** Names of the tensors whose bits differ, or that only one of both has. */
export const differingTensors = (a: RunEnd, b: RunEnd): readonly string[] =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((name) => {
    const [x, y] = [a[name]?.data, b[name]?.data]
    if (x === undefined || y === undefined) return true
    return Buffer.compare(bytesOf(x), bytesOf(y)) !== 0
  })

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array | Int32Array | Uint8Array) =>
  Buffer.from(buffer, byteOffset, byteLength)
