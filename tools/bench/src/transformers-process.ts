import { env, pipeline } from '@xenova/transformers'
import { answerJob } from './own-process.ts'
import type { PipelineJob, PipelineTime } from './transformers-peer.ts'

const BATCH_SIZES = [1, 8, 32, 64]

const measure = async ({ models, name, texts }: PipelineJob): Promise<PipelineTime> => {
  env.allowRemoteModels = false
  env.localModelPath = models
  const classify = await pipeline('text-classification', name)
  const startMs = performance.now()
  const run = async (some: readonly string[], batchSize: number): Promise<PipelineTime> => {
    const [started, before] = [performance.now(), process.cpuUsage()]
    for (let at = 0; at < some.length; at += batchSize) await classify(some.slice(at, at + batchSize))
    const { user, system } = process.cpuUsage(before)
    return { ms: performance.now() - started, cpuMs: (user + system) / 1000, startMs, batchSize }
  }
  await run(texts.slice(0, 100), 10)
  // The best size is found on a tenth of the texts.
  let best: PipelineTime | undefined
  for (const batchSize of BATCH_SIZES) {
    const time = await run(texts.slice(0, texts.length / 10), batchSize)
    if (best === undefined || time.ms < best.ms) best = time
  }
  return run(texts, best?.batchSize ?? 1)
}

answerJob(measure)
