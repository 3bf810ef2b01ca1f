import { codeIndex, codesOf } from '@kic/classification'
import { ksic10Occurring } from '@kic/classification/ksic'
import { joinFields } from '@kic/data'
import { prepareText } from '@kic/data/prepare'
import type { Engine } from '@kic/engine'
import { generateRows } from '@kic/korean-answers'
import { crossEntropy } from '@kic/losses'
import { initialize, parameter } from '@kic/nn'
import { createRobertaConfig, type RobertaConfig } from '@kic/roberta'
import type { HostTensors } from '@kic/safetensors'
import { createTokenizer, type Tokenizer, trainWordPiece } from '@kic/tokenizer'
import { noDecay, tokenBatches, train, unpaddedRows } from '@kic/trainer'
import { progress } from '@kic/trainer/node'
import { classifier } from './engine-logits.ts'

const LEVEL = 'group'
const MAX_LENGTH = 32
/** Answers to compare by, at most. */
const HELD_OUT = 4000

export interface TrainedClassifier {
  readonly config: RobertaConfig
  readonly params: HostTensors
  readonly tokenizer: Tokenizer
  readonly maxLength: number
  /** Answers that it did not learn from, and their true labels. */
  readonly held: Answers
}

/** A small classifier of the 225 groups, learned from answers of the project's own generator. */
export const trainClassifier = async (engine: Engine, rows: number): Promise<TrainedClassifier> => {
  const training = answers(rows, 'training')
  const tokenizer = createTokenizer({
    vocabulary: await trainWordPiece(training.texts, { vocabSize: 8000 }),
    tokenizerConfig: { do_lower_case: false, model_max_length: MAX_LENGTH },
  })
  const held = heldOut(answers(rows, 'held out'), new Set(training.texts), tokenizer)
  const padTokenId = tokenizer.specialTokens.pad.id
  const codes = codesOf(ksic10Occurring, LEVEL)
  const config = createRobertaConfig({
    vocab_size: tokenizer.vocabSize,
    hidden_size: 128,
    num_hidden_layers: 2,
    num_attention_heads: 2,
    intermediate_size: 512,
    initializer_range: 0.06,
    max_position_embeddings: MAX_LENGTH + padTokenId + 1,
    type_vocab_size: 1,
    pad_token_id: padTokenId,
    bos_token_id: tokenizer.specialTokens.cls.id,
    eos_token_id: tokenizer.specialTokens.sep.id,
    id2label: Object.fromEntries(codes.map((code, i) => [i, code])),
  })
  const batch = tokenizer.encodeBatch(training.texts, { maxLength: MAX_LENGTH, typeVocabSize: 1 })
  const tokens = {
    inputIds: unpaddedRows(batch.inputIds, batch.shape, batch.lengths),
    labels: Int32Array.from(training.labels, (code) => codeIndex(ksic10Occurring, LEVEL, code)),
  }
  const model = classifier(config)
  const { params } = await train({
    engine,
    params: initialize(model.parameters, 1),
    loss: (p, feeds, ctx) => crossEntropy(model.logits(p, feeds, ctx), parameter(feeds, 'labels')),
    optimizer: { kind: 'adamw', weightDecay: 0.01, maxGradNorm: 1, perParameter: noDecay() },
    learningRate: 2e-3,
    schedule: { kind: 'linear', warmupRatio: 0.1 },
    epochs: 3,
    batches: tokenBatches(tokens, { batchSize: 64, seed: 1, padTokenId }),
    callbacks: [progress({ label: 'training' })],
    seed: 1,
  })
  return { config, params: await params.read(), tokenizer, maxLength: MAX_LENGTH, held }
}

interface Answers {
  readonly texts: readonly string[]
  readonly labels: readonly string[]
}

/**
 * Those that were not learned from and need no truncation: transformers.js 2 cuts the closing special token off a text
 * that is too long.
 */
const heldOut = ({ texts, labels }: Answers, known: ReadonlySet<string>, tokenizer: Tokenizer): Answers => {
  const kept = texts.flatMap((text, i) =>
    known.has(text) || tokenizer.encode(text).length > MAX_LENGTH ? [] : [i],
  )
  const chosen = kept.slice(0, HELD_OUT)
  return { texts: chosen.map((i) => texts[i] ?? ''), labels: chosen.map((i) => labels[i] ?? '') }
}

const answers = (rows: number, seed: string): Answers => {
  const drawn = [...generateRows({ rows, seed, balance: 0.35, repeats: 0, singleField: 0.2 })]
  return { texts: drawn.map((row) => prepareText(joinFields(row))), labels: drawn.map(({ group }) => group) }
}
