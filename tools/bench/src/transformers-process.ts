import { env, pipeline } from '@xenova/transformers'
import type { PipelineJob, PipelineTime } from './transformers-peer.ts'

const BATCH_SIZES = [1, 8, 32, 64]

const measure = async ({ models, name, texts }: PipelineJob): Promise<PipelineTime> => {
  env.allowRemoteModels = false
  env.localModelPath = models
  const classify = await pipeline('text-classification', name)
  const run = async (some: readonly string[], batchSize: number): Promise<number> => {
    const started = performance.now()
    for (let at = 0; at < some.length; at += batchSize) await classify(some.slice(at, at + batchSize))
    return performance.now() - started
  }
  await run(texts.slice(0, 100), 10)
  // The best size is found on a tenth of the texts.
  let best: PipelineTime = { ms: Number.POSITIVE_INFINITY, batchSize: 1 }
  for (const batchSize of BATCH_SIZES) {
    const ms = await run(texts.slice(0, texts.length / 10), batchSize)
    if (ms < best.ms) best = { ms, batchSize }
  }
  return { ms: await run(texts, best.batchSize), batchSize: best.batchSize }
}

process.once('message', async (job: PipelineJob) => {
  const time = await measure(job)
  process.send?.(time, () => process.disconnect())
})
