import { selectEngine } from '@kic/engine'
import { type LoraOptions, lora, sequenceClassifier } from '@kic/roberta'
import { benchBatch, benchClassifier, benchTrainStep } from './classifier.ts'
import { median } from './median-time.ts'
import type { ModelShape } from './model-shape.ts'
import { answerJob } from './own-process.ts'

export interface LoraJob {
  readonly shape: ModelShape
  /** Default: every weight is trained. */
  readonly lora?: LoraOptions | undefined
  readonly steps: number
}

export interface LoraMeasure {
  /** Median time of a step after the first, in milliseconds. */
  readonly ms: number
  /** Largest resident memory, in bytes, less that of the process before there was a model. */
  readonly peakBytes: number
}

// A process of its own: its largest memory is that of one training.
answerJob(async ({ shape, lora: options, steps }: LoraJob): Promise<LoraMeasure> => {
  const engine = await selectEngine('compiled')
  const before = process.memoryUsage.rss()
  const plain = benchClassifier(shape)
  const model = options ? sequenceClassifier(plain.config, plain.head, { lora: lora(options) }) : plain
  const { step } = benchTrainStep(engine, model)
  const batch = benchBatch(shape)
  const times: number[] = []
  for (let i = 0; i <= steps; i++) {
    const started = performance.now()
    await step([batch], { learningRate: 1e-5 })
    if (i > 0) times.push(performance.now() - started)
  }
  return { ms: median(times), peakBytes: 1024 * process.resourceUsage().maxRSS - before }
})
