import type { Engine } from '@kic/engine'
import { crossEntropy } from '@kic/losses'
import { initialize, parameter } from '@kic/nn'
import { createRobertaConfig, meanHead, type RobertaConfig, sequenceClassifier } from '@kic/roberta'
import type { HostTensors } from '@kic/safetensors'
import { createTokenizer, type Tokenizer, trainWordPiece } from '@kic/tokenizer'
import { noDecay, tokenBatches, train, unpaddedRows } from '@kic/trainer'
import { classCodes, trainingRows } from './training-rows.ts'

const MAX_LENGTH = 32

export interface Trained {
  readonly config: RobertaConfig
  readonly params: HostTensors
  readonly tokenizer: Tokenizer
  /** One for each step. */
  readonly losses: readonly number[]
}

/** A small classifier of groups, trained for one pass over this many generated answers. */
export const trainSteps = async (engine: Engine, rows: number, batchSize: number): Promise<Trained> => {
  const { texts, labels } = trainingRows(rows)
  const tokenizer = createTokenizer({
    vocabulary: await trainWordPiece(texts, { vocabSize: 2000 }),
    tokenizerConfig: { do_lower_case: false, model_max_length: MAX_LENGTH },
  })
  const { pad, cls, sep } = tokenizer.specialTokens
  const config = createRobertaConfig({
    vocab_size: tokenizer.vocabSize,
    hidden_size: 64,
    num_hidden_layers: 2,
    num_attention_heads: 2,
    intermediate_size: 256,
    initializer_range: 0.1,
    max_position_embeddings: MAX_LENGTH + pad.id + 1,
    type_vocab_size: 1,
    pad_token_id: pad.id,
    bos_token_id: cls.id,
    eos_token_id: sep.id,
    id2label: Object.fromEntries(classCodes().map((code, i) => [i, code])),
  })
  const model = sequenceClassifier(config, meanHead)
  const batch = tokenizer.encodeBatch(texts, { maxLength: MAX_LENGTH, typeVocabSize: 1 })
  const inputIds = unpaddedRows(batch.inputIds, batch.shape, batch.lengths)
  const losses: number[] = []
  const { params } = await train({
    engine,
    params: initialize(model.parameters, 1),
    loss: (p, feeds, ctx) => crossEntropy(model.logits(p, feeds, ctx), parameter(feeds, 'labels')),
    optimizer: { kind: 'adamw', weightDecay: 0.01, maxGradNorm: 1, perParameter: noDecay() },
    learningRate: 2e-3,
    schedule: { kind: 'linear', warmupRatio: 0.1 },
    epochs: 1,
    // One length, and so one program to record.
    batches: tokenBatches(
      { inputIds, labels },
      { batchSize, bucket: MAX_LENGTH, seed: 1, padTokenId: pad.id },
    ),
    callbacks: [{ onStep: ({ loss }) => void losses.push(loss) }],
    seed: 1,
  })
  return { config, params: await params.read(), tokenizer, losses }
}
