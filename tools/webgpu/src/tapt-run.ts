import { createRandom } from '@kic/core'
import { createRobertaConfig } from '@kic/roberta'
import { fromScratchTapt, tapt } from '@kic/tapt'
import { createTokenizer, trainWordPiece } from '@kic/tokenizer'
import { EPSILON, type Training, watched } from './small-run.ts'

const PLACES = [
  ['카센터', '타이어', '교환'],
  ['음식점', '찌개', '조리'],
  ['빵집', '식빵', '굽기'],
  ['서점', '소설책', '판매'],
] as const
const [BATCH, ACCUMULATION, STEPS_PER_EPOCH] = [8, 2, 10]

/** Texts of three words, so that all batches have one length. */
const texts = (): readonly string[] => {
  const random = createRandom('webgpu tapt')
  return Array.from({ length: BATCH * ACCUMULATION * STEPS_PER_EPOCH }, () => random.pick(PLACES).join(' '))
}

/** Task-adaptive pretraining from scratch, with dropout, accumulation and clipping. */
export const taptRun: Training = {
  name: 'TAPT',
  run: async (engine, run) => {
    const { losses, ...options } = watched(run)
    const vocabulary = await trainWordPiece(texts(), { vocabSize: 100 })
    const tokenizer = createTokenizer({ vocabulary, tokenizerConfig: { do_lower_case: false } })
    const { optimizer } = fromScratchTapt
    const { params } = await tapt({
      engine,
      config: createRobertaConfig({
        vocab_size: tokenizer.vocabSize,
        hidden_size: 32,
        num_hidden_layers: 1,
        num_attention_heads: 2,
        intermediate_size: 64,
        max_position_embeddings: 20,
        type_vocab_size: 1,
      }),
      tokenizer,
      texts: texts(),
      preset: {
        ...fromScratchTapt,
        epochs: Math.ceil(run.steps / STEPS_PER_EPOCH),
        batchSize: BATCH,
        accumulation: ACCUMULATION,
        learningRate: 1e-3,
        optimizer: { ...optimizer, epsilon: EPSILON },
      },
      seed: 5,
      ...options,
    })
    return { losses, params }
  },
}
