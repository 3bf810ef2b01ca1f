import { type FitOptions, fitClassifier } from '@kic/classifier'
import { createRandom } from '@kic/core'
import { hierarchicalFusion, initializeFusion, robertaLevel } from '@kic/hierarchical-fusion'
import { initialize } from '@kic/nn'
import { createRobertaConfig, sequenceClassifier } from '@kic/roberta'
import type { HostTensors } from '@kic/safetensors'
import { EPSILON, type Training, watched } from './small-run.ts'

const CLASSES = 3
const LENGTH = 12

const configOf = (classes: number) =>
  createRobertaConfig({
    vocab_size: 60,
    hidden_size: 32,
    num_hidden_layers: 1,
    num_attention_heads: 2,
    intermediate_size: 64,
    max_position_embeddings: 20,
    num_labels: classes,
  })

const rowsOf = (count: number) => {
  const random = createRandom('webgpu')
  const labels = Int32Array.from({ length: count }, () => random.int(CLASSES))
  const inputIds = Array.from(labels, (label) =>
    Int32Array.from({ length: 3 + random.int(LENGTH - 3) }, () => 3 + CLASSES * random.int(18) + label),
  )
  return { inputIds, labels }
}

/** Trains a model with dropout, accumulation, clipping, a schedule and averages of its weights. */
const fitted = (name: string, of: () => Pick<FitOptions, 'model' | 'initial'>): Training => ({
  name,
  run: async (engine, run) => {
    const { losses, ...options } = watched(run)
    const { params, averaged = {} } = await fitClassifier({
      ...of(),
      engine,
      rows: rowsOf(240),
      padTokenId: 1,
      optimizer: { epsilon: EPSILON, maxGradNorm: 1 },
      learningRate: 1e-3,
      schedule: { kind: 'cosine', warmupSteps: 3 },
      batchSize: 8,
      accumulation: 2,
      bucket: LENGTH,
      maxSteps: run.steps,
      seed: 5,
      weightAverage: { decay: 0.9 },
      ...options,
    })
    const read = await params.read()
    params.dispose()
    const named = (prefix: string, tensors: HostTensors) =>
      Object.entries(tensors).map(([tensor, t]) => [`${prefix} ${tensor}`, { ...t, data: t.data.slice() }])
    return { losses, params: Object.fromEntries([...named('final', read), ...named('averaged', averaged)]) }
  },
})

/** A classifier. */
export const classifierRun = fitted('classifier', () => {
  const model = sequenceClassifier(configOf(CLASSES))
  return { model, initial: initialize(model.parameters, 5) }
})

/** A classifier into which a frozen encoder of a coarser level is fused. */
export const fusionRun = fitted('fusion', () => {
  const [coarse, fine] = [configOf(2), configOf(CLASSES)]
  const previous = initialize(sequenceClassifier(coarse).parameters, 6)
  const model = hierarchicalFusion({
    config: fine,
    previous: robertaLevel('section', coarse),
    present: robertaLevel('division', fine),
  })
  return { model, initial: initializeFusion(model, { previous }, 5).params }
})
