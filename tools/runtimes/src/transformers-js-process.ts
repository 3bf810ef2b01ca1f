import { env, pipeline } from '@xenova/transformers'
import type { Prediction } from './prediction.ts'
import type { PipelineRequest } from './transformers-js.ts'

/** Texts that are classified at once. */
const BATCH = 50

const isPrediction = (value: unknown): value is Prediction =>
  typeof value === 'object' && value !== null && 'label' in value && 'score' in value

const answer = async ({ models, name, quantized, texts }: PipelineRequest): Promise<Prediction[]> => {
  env.allowRemoteModels = false
  env.localModelPath = models
  const classify = await pipeline('text-classification', name, { quantized })
  const predictions: Prediction[] = []
  for (let start = 0; start < texts.length; start += BATCH) {
    const found = [await classify(texts.slice(start, start + BATCH))].flat(2)
    for (const item of found)
      if (isPrediction(item)) predictions.push({ label: item.label, score: item.score })
  }
  return predictions
}

process.once('message', async (request: PipelineRequest) => {
  const predictions = await answer(request)
  process.send?.(predictions, () => process.disconnect())
})
