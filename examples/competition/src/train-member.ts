import { codesOf, type Hierarchy, levelNames, type Row } from '@kic/data'
import type { Engine } from '@kic/engine'
import type { Probabilities } from '@kic/ensemble'
import { crossEntropy } from '@kic/losses'
import { initialize, parameter } from '@kic/nn'
import { createRobertaConfig, sequenceClassifier } from '@kic/roberta'
import { loadHead, savePretrained } from '@kic/roberta/node'
import type { Tokenizer } from '@kic/tokenizer'
import { saveTokenizer } from '@kic/tokenizer/node'
import {
  accuracy,
  createPredictor,
  noDecay,
  plannedBatches,
  type TokenRows,
  tokenBatch,
  tokenLengths,
  train,
} from '@kic/trainer'
import { progress } from '@kic/trainer/node'
import { classNumbers } from './labels.ts'
import type { MemberPreset, Preset } from './preset.ts'

/** Rows in the form that members learn from. */
export interface Corpus {
  readonly hierarchy: Hierarchy
  readonly tokenizer: Tokenizer
  readonly train: { readonly rows: readonly Row[]; readonly tokens: TokenRows }
  readonly validation: { readonly rows: readonly Row[]; readonly tokens: TokenRows }
}

/** A trained member, ready to predict. */
export interface TrainedMember {
  readonly preset: MemberPreset
  readonly level: string
  readonly parameters: number
  readonly seconds: number
  /** Accuracy on the validation rows at the member's own level, after each epoch. */
  readonly validation: readonly number[]
  predict(tokens: TokenRows): Promise<Probabilities>
  dispose(): void
}

/** Trains one classifier from scratch and saves it as a Hugging Face folder. */
export const trainMember = async (
  engine: Engine,
  member: MemberPreset,
  preset: Preset,
  corpus: Corpus,
  folder: string,
): Promise<TrainedMember> => {
  const { hierarchy, tokenizer } = corpus
  const level = levelNames(hierarchy)[member.level] ?? levelNames(hierarchy).at(-1) ?? ''
  const codes = codesOf(hierarchy, level)
  const padTokenId = tokenizer.specialTokens.pad.id
  const config = createRobertaConfig({
    vocab_size: tokenizer.vocabSize,
    hidden_size: member.hidden,
    num_hidden_layers: member.layers,
    num_attention_heads: member.heads,
    intermediate_size: 4 * member.hidden,
    initializer_range: member.initializerRange,
    max_position_embeddings: preset.maxLength + padTokenId + 1,
    pad_token_id: padTokenId,
    bos_token_id: tokenizer.specialTokens.cls.id,
    eos_token_id: tokenizer.specialTokens.sep.id,
    id2label: Object.fromEntries(codes.map((code, i) => [i, code])),
  })
  const head = await loadHead(member.head)
  const model = sequenceClassifier(config, head)
  const predictor = createPredictor({
    engine,
    forward: model.logits,
    padTokenId,
    batchSize: preset.batchSize,
  })
  const labelled: TokenRows = {
    ...corpus.train.tokens,
    labels: classNumbers(hierarchy, level, corpus.train.rows),
  }
  const truth = classNumbers(hierarchy, level, corpus.validation.rows)
  const started = performance.now()
  const result = await train({
    engine,
    params: initialize(model.parameters, member.seed),
    loss: (params, batch, ctx) => crossEntropy(model.logits(params, batch, ctx), parameter(batch, 'labels')),
    optimizer: { kind: 'adamw', weightDecay: 0.01, maxGradNorm: 1, perParameter: noDecay() },
    learningRate: member.learningRate,
    schedule: { kind: 'linear', warmupRatio: 0.1 },
    epochs: epochsFor(member, preset, corpus.train.rows.length),
    batches: plannedBatches(
      { lengths: tokenLengths(labelled), batchSize: preset.batchSize, seed: member.seed },
      (planned) => tokenBatch(labelled, planned, { padTokenId }),
    ),
    evaluate: {
      run: async (params) => ({
        accuracy: accuracy((await predictor(params, corpus.validation.tokens)).labels(), truth),
      }),
    },
    callbacks: [progress({ label: member.name.padEnd(15) })],
    seed: member.seed,
  })
  await savePretrained(
    folder,
    { config, params: await result.params.read(), head },
    { files: (at) => saveTokenizer(at, tokenizer) },
  )
  return {
    preset: member,
    level,
    parameters: model.parameters.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0),
    seconds: (performance.now() - started) / 1000,
    validation: result.evaluations.map(({ metrics }) => metrics.accuracy ?? Number.NaN),
    predict: async (tokens) => {
      const predictions = await predictor(result.params, tokens)
      const { classes } = predictions
      return { rows: predictions.logits.length / classes, classes, data: predictions.probabilities() }
    },
    dispose: () => {
      predictor.dispose()
      result.params.dispose()
    },
  }
}

/** Small data is passed over more often, so that every run makes about as many updates; but not without end. */
const epochsFor = ({ epochs }: MemberPreset, { maxTrainingRows }: Preset, rows: number): number =>
  Math.max(epochs, Math.min(20, Math.round((epochs * maxTrainingRows) / rows)))
