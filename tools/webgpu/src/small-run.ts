import { fitClassifier } from '@kic/classifier'
import { createRandom } from '@kic/core'
import type { Engine } from '@kic/engine'
import { initialize } from '@kic/nn'
import { createRobertaConfig, sequenceClassifier } from '@kic/roberta'
import type { HostTensors } from '@kic/safetensors'
import { folderCheckpoints } from '@kic/trainer/node'

const CLASSES = 3
const LENGTH = 12
const config = createRobertaConfig({
  vocab_size: 60,
  hidden_size: 32,
  num_hidden_layers: 1,
  num_attention_heads: 2,
  intermediate_size: 64,
  max_position_embeddings: 20,
  num_labels: CLASSES,
})

const rowsOf = (count: number) => {
  const random = createRandom('webgpu')
  const labels = Int32Array.from({ length: count }, () => random.int(CLASSES))
  const inputIds = Array.from(labels, (label) =>
    Int32Array.from({ length: 3 + random.int(LENGTH - 3) }, () => 3 + CLASSES * random.int(18) + label),
  )
  return { inputIds, labels }
}

export interface SmallRun {
  readonly steps: number
  /** A folder of checkpoints: the run resumes from the last one, and saves one at its last step. */
  readonly folder?: string | undefined
  /** Ends the run early, as an interruption does. */
  readonly endAfter?: number | undefined
}

export interface RunEnd {
  /** By step, from 1. */
  readonly losses: ReadonlyMap<number, number>
  /** Parameters and their averages. */
  readonly params: HostTensors
}

/** Trains a small classifier with dropout, accumulation, clipping, a schedule and averages of its weights. */
export const smallRun = async (engine: Engine, { steps, folder, endAfter }: SmallRun): Promise<RunEnd> => {
  const model = sequenceClassifier(config)
  const losses = new Map<number, number>()
  const interruption = new AbortController()
  const { params, averaged = {} } = await fitClassifier({
    engine,
    model,
    initial: initialize(model.parameters, 5),
    rows: rowsOf(240),
    padTokenId: 1,
    // Keys have a bias whose gradient is only rounding, which Adam would enlarge without a larger ε.
    optimizer: { epsilon: 1e-5, maxGradNorm: 1 },
    learningRate: 1e-3,
    schedule: { kind: 'cosine', warmupSteps: 3 },
    batchSize: 8,
    accumulation: 2,
    bucket: LENGTH,
    maxSteps: steps,
    seed: 5,
    weightAverage: { decay: 0.9 },
    checkpoints:
      folder === undefined
        ? undefined
        : {
            store: folderCheckpoints(folder),
            every: { everySteps: endAfter ?? steps },
            resume: true,
          },
    callbacks: [
      {
        onStep: ({ step, loss }) => {
          losses.set(step, loss)
          if (step === endAfter) interruption.abort()
        },
      },
    ],
    signal: interruption.signal,
  })
  const read = await params.read()
  params.dispose()
  const named = (prefix: string, tensors: HostTensors) =>
    Object.entries(tensors).map(([name, t]) => [`${prefix} ${name}`, { ...t, data: t.data.slice() }])
  return { losses, params: Object.fromEntries([...named('final', read), ...named('averaged', averaged)]) }
}
