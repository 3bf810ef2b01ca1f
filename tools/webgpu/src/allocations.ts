import { type DeviceUse, selectEngine } from '@kic/engine'
import { crossEntropy } from '@kic/losses'
import { initialize, parameter } from '@kic/nn'
import { createRobertaConfig, sequenceClassifier } from '@kic/roberta'
import type { HostTensor } from '@kic/safetensors'

const LENGTHS = [4, 6, 8, 10, 12, 14, 16, 18]
const BATCH = 2

const ints = (shape: readonly number[], value: (i: number) => number): HostTensor => ({
  dtype: 'int32',
  shape,
  data: Int32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => value(i)),
})

export interface Allocations {
  readonly pass: boolean
  readonly said: string
}

/** Trains over eight lengths: what the engine holds must not grow after each was met once, and must be freed at the end. */
export const checkAllocations = async (steps: number): Promise<Allocations> => {
  const model = sequenceClassifier(
    createRobertaConfig({
      vocab_size: 200,
      hidden_size: 16,
      num_hidden_layers: 1,
      num_attention_heads: 2,
      intermediate_size: 32,
      max_position_embeddings: 24,
      num_labels: 3,
    }),
  )
  const engine = await selectEngine('webgpu')
  const params = engine.place(initialize(model.parameters, 1))
  const step = engine.trainStep({
    params,
    loss: (p, batch, ctx) => crossEntropy(model.logits(p, batch, ctx), parameter(batch, 'labels')),
    optimizer: { kind: 'adamw', maxGradNorm: 1 },
    seed: 1,
  })
  const held = (): DeviceUse =>
    engine.device ?? { tensors: 0, bytes: 0, programs: 0, uploaded: 0, downloaded: 0 }
  const told = ({ tensors, bytes, programs }: DeviceUse): string =>
    `${tensors} tensors of ${bytes} bytes and ${programs} programs`
  const later = new Set<string>()
  for (let i = 0; i < steps; i++) {
    const length = LENGTHS[i % LENGTHS.length] ?? 0
    const batch = {
      input_ids: ints([BATCH, length], (j) => 3 + ((7 * i + j) % 197)),
      attention_mask: ints([BATCH, length], () => 1),
      labels: ints([BATCH], (j) => (i + j) % 3),
    }
    await step([batch], { learningRate: 1e-3 })
    if (i >= LENGTHS.length - 1) later.add(told(held()))
  }
  engine.dispose()
  // Sessions are released after the current task.
  await new Promise((resolve) => setTimeout(resolve, 100))
  const { tensors, bytes, programs } = held()
  return {
    pass: later.size === 1 && tensors === 0 && bytes === 0 && programs === 0,
    said:
      `${steps} steps over ${LENGTHS.length} lengths: ${[...later].join(', then ')} after each length's first step; ` +
      `${told(held())} after dispose()`,
  }
}
