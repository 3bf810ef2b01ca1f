import { createRandom } from '@kic/core'
import type { Engine, LossFunction } from '@kic/engine'
import { initialize, type ParamSpec } from '@kic/nn'
import type { RobertaConfig } from '@kic/roberta'
import type { HostTensor } from '@kic/safetensors'
import type { Speed } from '@kic/stages'

/** A few steps of something to learn, on made-up tokens. */
export interface Lesson {
  readonly config: RobertaConfig
  readonly parameters: readonly ParamSpec[]
  readonly loss: LossFunction
  readonly batchSize: number
  /** S of a typical batch. */
  readonly length: number
  /** How many different S there are: each is compiled once. */
  readonly shapes: number
  /** What is learned: one of so many classes a row, or a share of the tokens. */
  readonly target: { readonly classes: number } | { readonly masked: number }
}

/** Steps that are not counted: one compiles, one warms up. */
const WARM_UP = 2
const STEPS = { least: 3, most: 12, seconds: 1 }
/** Parameters from which on a few rows have to do: a step of a large model can take a minute. */
const LARGE = 2e7
const LARGE_BATCH = 4

/**
 * How fast a model learns on this machine: the fastest of a few training steps, as whatever else the machine does at the
 * moment can only make them slower.
 */
export const measureSpeed = async (engine: Engine, lesson: Lesson): Promise<Speed> => {
  const { parameters, loss, shapes } = lesson
  const size = parameters.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0)
  const batchSize = size > LARGE ? Math.min(LARGE_BATCH, lesson.batchSize) : lesson.batchSize
  const batch = madeUpBatch(lesson, batchSize)
  const params = engine.place(initialize(parameters, 1))
  const step = engine.trainStep({ params, loss, optimizer: { kind: 'adamw', maxGradNorm: 1 }, seed: 1 })
  const timed = async (): Promise<number> => {
    const started = performance.now()
    await step([batch], { learningRate: 1e-4 })
    return (performance.now() - started) / 1000
  }
  try {
    const first = await timed()
    for (let i = 1; i < WARM_UP; i++) await timed()
    const times: number[] = []
    let total = 0
    while (times.length < STEPS.least || (times.length < STEPS.most && total < STEPS.seconds)) {
      const seconds = await timed()
      times.push(seconds)
      total += seconds
    }
    const fastest = Math.min(...times)
    return { start: shapes * Math.max(0, first - fastest), perExample: fastest / batchSize }
  } finally {
    step.dispose()
    params.dispose()
  }
}

const madeUpBatch = ({ config, length, target }: Lesson, rows: number): Record<string, HostTensor> => {
  const random = createRandom('speed')
  const int32 = (shape: readonly number[], value: () => number): HostTensor => ({
    dtype: 'int32',
    shape,
    data: Int32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, value),
  })
  const token = () => random.int(config.vocab_size)
  const tokens = {
    input_ids: int32([rows, length], token),
    attention_mask: int32([rows, length], () => 1),
  }
  if ('classes' in target) return { ...tokens, labels: int32([rows], () => random.int(target.classes)) }
  const places = rows * Math.ceil(target.masked * length)
  return {
    ...tokens,
    masked_positions: int32([places], () => random.int(rows * length)),
    masked_labels: int32([places], token),
  }
}
