import { defined } from '@kic/core'
import { type Engine, selectEngine } from '@kic/engine'
import { initialize } from '@kic/nn'
import { createRobertaConfig } from '@kic/roberta'
import { encodeUnpadded } from '@kic/tokenizer'
import { plannedBatches, train } from '@kic/trainer'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { tinyTexts, tinyTokenizer } from './__fixtures__/tiny-corpus.ts'
import { maskedBatch } from './masked-batch.ts'
import { maskedLanguageModel } from './masked-language-model.ts'
import { maskingVocabulary } from './masking-vocabulary.ts'

const config = createRobertaConfig({
  vocab_size: tinyTokenizer.vocabSize,
  hidden_size: 8,
  num_hidden_layers: 1,
  num_attention_heads: 2,
  intermediate_size: 16,
  max_position_embeddings: 34,
  type_vocab_size: 1,
  initializer_range: 0.5,
  hidden_dropout_prob: 0,
  attention_probs_dropout_prob: 0,
})
const model = maskedLanguageModel(config)
const vocabulary = maskingVocabulary(tinyTokenizer)
const params = initialize(model.parameters, 3)

let engine: Engine
beforeAll(async () => {
  engine = await selectEngine('cpu')
})
afterAll(() => engine.dispose())

/** Loss and gradient norm of one update over all rows, and the epoch's loss with one micro-batch per update. */
const learned = async (rows: readonly Int32Array[], batchSize: number) => {
  const batches = plannedBatches({ lengths: rows.map((row) => row.length), batchSize, seed: 1 }, (planned) =>
    maskedBatch(rows, planned, vocabulary, { seed: 1, epoch: 0 }, { probability: 0.3 }),
  )
  const seen: { loss: number; gradNorm: number }[] = []
  const run = async (accumulation: number) => {
    const result = await train({
      engine,
      params,
      loss: model.loss,
      batches,
      accumulation,
      epochs: 1,
      learningRate: 1e-12,
      optimizer: { kind: 'adamw', weightDecay: 0 },
      seed: 1,
      callbacks: [{ onStep: ({ loss, gradNorm }) => void seen.push({ loss, gradNorm }) }],
    })
    result.params.dispose()
    return defined(result.epochs[0]).loss
  }
  const whole = await run(batches.epoch(0).length)
  const [update] = seen
  return { whole, apart: await run(1), ...update }
}

it('has the same loss of updates and epochs for any distribution of masked tokens over micro-batches', {
  timeout: 120_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 2, max: 7 }),
      fc.integer({ min: 1, max: 5 }),
      fc.nat(1000),
      async (count, size, seed) => {
        const { inputIds } = encodeUnpadded(tinyTokenizer, tinyTexts(count, seed), {
          maxLength: 32,
          typeVocabSize: 1,
        })
        const whole = await learned(inputIds, count)
        const divided = await learned(inputIds, size)
        expect(divided.loss).toBeCloseTo(whole.loss ?? Number.NaN, 4)
        expect(divided.gradNorm).toBeCloseTo(whole.gradNorm ?? Number.NaN, 4)
        expect(divided.whole).toBeCloseTo(whole.whole, 4)
        expect(divided.apart).toBeCloseTo(whole.whole, 4)
      },
    ),
    { numRuns: 12 },
  )
})
