import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { defined, KicError } from '@kic/core'
import type { AdamW } from '@kic/engine'
import { crossEntropy } from '@kic/losses'
import { parameter } from '@kic/nn'
import { loadGoldenCase } from '@kic/nn/testing'
import { sequenceClassifier } from '@kic/roberta'
import type { HostTensor, HostTensors } from '@kic/safetensors'
import { loadSafetensors } from '@kic/safetensors/node'
import { createSchedule } from '@kic/trainer'
import { goldenInputs } from '../golden-inputs.ts'
import type { ParityCase } from '../parity-case.ts'
import { readConfig } from '../read-config.ts'

const PEAK_LEARNING_RATE = 1e-3
const MAX_GRAD_NORM = 1
const ADAMW: AdamW = {
  kind: 'adamw',
  beta1: 0.9,
  beta2: 0.98,
  epsilon: 1e-6,
  weightDecay: 0.01,
  maxGradNorm: MAX_GRAD_NORM,
}

/** Optimizer steps with warm-up, clipping, decay and accumulation: `torch.optim.AdamW` and transformers' own. */
export const optimizer: ParityCase = {
  id: '07',
  variants: ['adamw_accum2', 'adamw_accum2_equal', 'adamw_hf', 'adamw_strong_decay'],
  compute: async (_golden, folder, engine, variant = 'adamw') => {
    const model = sequenceClassifier(await readConfig(folder))
    const { tensors } = await loadSafetensors(join(folder, 'model.safetensors'))
    const decays = await decayedParameters(folder)
    const batches = stepBatches(goldenInputs(await loadGoldenCase(folder)))
    const params = engine.place(tensors)
    const step = engine.trainStep({
      params,
      // The references were made without dropout.
      loss: (values, batch, ctx) =>
        crossEntropy(model.logits(values, batch, { ...ctx, dropout: (x) => x }), parameter(batch, 'labels')),
      optimizer: {
        ...ADAMW,
        variant: variant === 'adamw_hf' ? 'huggingface' : 'pytorch',
        weightDecay: variant === 'adamw_strong_decay' ? 0.3 : 0.01,
        perParameter: (name) => (decays.has(name) ? {} : { weightDecay: 0 }),
      },
      seed: 0,
    })
    const schedule = createSchedule({ kind: 'linear', warmupSteps: 2 }, batches.length)
    const lr = batches.map((_, i) => PEAK_LEARNING_RATE * schedule(i))
    const results = []
    for (const [i, batch] of batches.entries()) {
      results.push(
        await step(microBatches(batch, variant), {
          learningRate: defined(lr[i]),
          // The reference is the mean of the micro-batches' means.
          accumulationMean: variant === 'adamw_accum2' ? 'equal' : 'exact',
        }),
      )
    }
    const final = await params.read()
    const outcome = {
      loss: vector(results.map(({ loss }) => loss)),
      grad_norm: vector(results.map(({ gradNorm }) => gradNorm)),
      clip_factor: vector(results.map(({ gradNorm }) => Math.min(1, MAX_GRAD_NORM / (gradNorm + 1e-6)))),
      lr: vector(lr),
      micro_loss: matrix(
        results.map(({ outputs }) => outputs.map(({ loss }) => loss?.data[0] ?? Number.NaN)),
      ),
      ...Object.fromEntries(Object.entries(final).map(([name, tensor]) => [`final.${name}`, tensor])),
    }
    params.dispose()
    step.dispose()
    return outcome
  },
}

/** Names that the case lists as decayed. */
const decayedParameters = async (folder: string): Promise<ReadonlySet<string>> => {
  const json: unknown = JSON.parse(await readFile(join(folder, 'case.json'), 'utf8'))
  const listed =
    typeof json === 'object' && json !== null && 'decay_parameters' in json
      ? json.decay_parameters
      : undefined
  if (!Array.isArray(listed))
    throw new KicError('parity/case', `${folder}: case.json lists no decay_parameters`)
  return new Set(listed.map(String))
}

/** `batch0.…`, `batch1.…`, in order. */
const stepBatches = (inputs: HostTensors): HostTensors[] => {
  const batches: Record<string, HostTensor>[] = []
  for (const [name, tensor] of Object.entries(inputs)) {
    const [, index, feed] = /^batch(\d+)\.(.+)$/.exec(name) ?? []
    if (index === undefined || feed === undefined) continue
    const batch = batches[Number(index)] ?? {}
    batch[feed] = tensor
    batches[Number(index)] = batch
  }
  return batches
}

/** How a variant accumulates: not at all, in halves, or all rows but two and then these. */
const microBatches = (batch: HostTensors, variant: string): readonly HostTensors[] => {
  const rows = batch.labels?.shape[0] ?? 0
  if (variant === 'adamw_accum2') return [rowsOf(batch, 0, rows - 2), rowsOf(batch, rows - 2, rows)]
  if (variant === 'adamw_accum2_equal') return [rowsOf(batch, 0, rows / 2), rowsOf(batch, rows / 2, rows)]
  return [batch]
}

const rowsOf = (batch: HostTensors, from: number, to: number): HostTensors =>
  Object.fromEntries(
    Object.entries(batch).map(([name, { dtype, shape, data }]) => {
      const width = data.length / (shape[0] ?? 1)
      return [
        name,
        { dtype, shape: [to - from, ...shape.slice(1)], data: data.slice(from * width, to * width) },
      ]
    }),
  )

const vector = (values: readonly number[]): HostTensor => ({
  dtype: 'float32',
  shape: [values.length],
  data: Float32Array.from(values),
})

const matrix = (rows: readonly (readonly number[])[]): HostTensor => ({
  dtype: 'float32',
  shape: [rows.length, rows[0]?.length ?? 0],
  data: Float32Array.from(rows.flat()),
})
