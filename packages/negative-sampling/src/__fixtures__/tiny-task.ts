import { createRandom, defined } from '@kic/core'
import { createRobertaConfig } from '@kic/roberta'
import { createTokenizer } from '@kic/tokenizer'
import type { LabelledTexts } from '../pretrain-on-pairs.ts'

export const names = ['자동차 수리', '음식 조리', '빵 굽기', '책 판매']
const words = [
  ['타이어', '엔진', '오일'],
  ['찌개', '국수', '갈비'],
  ['식빵', '단팥', '반죽'],
  ['소설', '잡지', '문고'],
]

/** Texts with two words of their class. */
export const tinyRows = (count: number, seed: number): LabelledTexts => {
  const random = createRandom('tiny-pairs', seed)
  const labels = Int32Array.from({ length: count }, () => random.int(names.length))
  const word = (label: number): string => random.pick(defined(words[label]))
  return { texts: Array.from(labels, (label) => `${word(label)} ${word(label)}`), labels }
}

const characters = [...new Set([...names, ...words.flat()].join('').replaceAll(' ', ''))]

/** One token per character. */
export const tinyTokenizer = createTokenizer({
  vocabulary: ['[CLS]', '[PAD]', '[SEP]', '[UNK]', '[MASK]', ...characters.flatMap((c) => [c, `##${c}`])],
  tokenizerConfig: { do_lower_case: false },
})

export const tinyConfig = createRobertaConfig({
  vocab_size: tinyTokenizer.vocabSize,
  hidden_size: 32,
  num_hidden_layers: 1,
  num_attention_heads: 2,
  intermediate_size: 64,
  max_position_embeddings: 34,
  type_vocab_size: 2,
  initializer_range: 0.1,
})
