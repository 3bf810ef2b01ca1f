import { join } from 'node:path'
import { writeFileAtomic } from '@kic/core/node'
import { savePreparation } from '@kic/data/node'
import { defaultPreparation } from '@kic/data/prepare'
import { initialize } from '@kic/nn'
import { createRobertaConfig, meanHead, sequenceClassifier } from '@kic/roberta'
import { saveOnnx, savePretrained } from '@kic/roberta/node'
import { createTokenizer, type Tokenizer, trainWordPiece } from '@kic/tokenizer'
import { saveTokenizer } from '@kic/tokenizer/node'

/** Groups of KSIC rev. 10, two of them in one division. */
export const GROUPS = ['011', '453', '561', '951', '952']

const corpus = [
  '카센터에서 자동차 부분정비 타이어 오일 교환',
  '음식점에서 김치찌개 국수 판매',
  '논에서 벼 재배 쌀 생산',
  '자동차 부품 도매 소매',
  '컴퓨터 수리 LED TV',
]

/** A model with random weights, large enough ones for decided answers, saved as people save theirs. */
export const saveTinyModel = async (
  folder: string,
  notes?: Readonly<Record<string, unknown>>,
  id2label: Readonly<Record<string, string>> = Object.fromEntries(GROUPS.entries()),
): Promise<Tokenizer> => {
  const vocabulary = await trainWordPiece(corpus, { vocabSize: 200, minFrequency: 1 })
  const tokenizer = createTokenizer({ vocabulary, tokenizerConfig: { do_lower_case: false } })
  const config = createRobertaConfig({
    vocab_size: tokenizer.vocabSize,
    hidden_size: 32,
    num_hidden_layers: 1,
    num_attention_heads: 2,
    intermediate_size: 64,
    max_position_embeddings: 66,
    type_vocab_size: 1,
    initializer_range: 0.5,
    id2label,
  })
  const model = sequenceClassifier(config, meanHead)
  const params = initialize(model.parameters, 5)
  await savePretrained(folder, { config, params })
  await saveTokenizer(folder, tokenizer)
  await savePreparation(folder, defaultPreparation)
  await saveOnnx(folder, { model, params }, { formats: ['float32', 'int8'] })
  if (notes !== undefined) await writeFileAtomic(join(folder, 'kic.json'), JSON.stringify(notes))
  return tokenizer
}
