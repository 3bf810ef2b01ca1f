import { fitClassifier, startingPoint, tokenizeRows } from '@kic/classifier'
import type { Engine } from '@kic/engine'
import type { RobertaConfig } from '@kic/roberta'
import type { HostTensors } from '@kic/safetensors'
import type { Tokenizer } from '@kic/tokenizer'
import { classCodes, type TrainingRows } from './training-rows.ts'

const SIZES = { hidden: 64, layers: 2, heads: 2, vocabulary: 2000, maxLength: 32, initializerRange: 0.1 }

export interface Trained {
  readonly config: RobertaConfig
  readonly params: HostTensors
  readonly tokenizer: Tokenizer
  /** One for each step. */
  readonly losses: readonly number[]
}

/** A small classifier of groups, trained for one pass over rows. */
export const trainSteps = async (
  engine: Engine,
  { texts, labels }: TrainingRows,
  batchSize: number,
): Promise<Trained> => {
  const start = { texts, sizes: SIZES, classes: classCodes(), head: 'mean', seed: 1 }
  const { tokenizer, model, initial } = await startingPoint(start)
  const losses: number[] = []
  const { params } = await fitClassifier({
    engine,
    model,
    initial,
    rows: { ...tokenizeRows({ tokenizer, config: model.config }, texts), labels: Int32Array.from(labels) },
    padTokenId: tokenizer.specialTokens.pad.id,
    learningRate: 2e-3,
    schedule: { kind: 'linear', warmupRatio: 0.1 },
    epochs: 1,
    batchSize,
    // One length, and so one program to record.
    bucket: SIZES.maxLength,
    callbacks: [{ onStep: ({ loss }) => void losses.push(loss) }],
    seed: 1,
  })
  return { config: model.config, params: await params.read(), tokenizer, losses }
}
