import { trainingConfig } from '@kic/trainer'
import { z } from 'zod'

const positive = z.int().positive()

/** One classifier as data: what it reads, what it is, how it is trained. Unknown keys are refused. */
export const runConfig = z.strictObject({
  data: z
    .strictObject({
      /** A path or `naics`, as `npm start -- --data` takes it; without it the project's own dataset. */
      source: z.string().exactOptional(),
      generatedRows: positive.default(60_000),
      maxTrainingRows: positive.default(1_000_000),
      /** Decides generated rows, splits and samples. */
      seed: z.int().default(1),
    })
    .prefault({}),
  /** Which level is predicted; default: the finest. */
  level: z.string().exactOptional(),
  tokenizer: z
    .strictObject({ vocabulary: positive.default(12_000), maxLength: positive.default(32) })
    .prefault({}),
  model: z
    .strictObject({
      hidden: positive.default(128),
      layers: positive.default(2),
      heads: positive.default(2),
      head: z.enum(['standard', 'mean']).default('mean'),
      initializerRange: z.number().positive().default(0.06),
    })
    .prefault({}),
  engine: z.enum(['auto', 'compiled', 'tfjs-node-gpu', 'tfjs-node', 'wasm', 'cpu']).default('auto'),
  training: trainingConfig,
})

export type RunConfig = z.output<typeof runConfig>
