import { createTokenizer, trainWordPiece } from '@kic/tokenizer'
import { mutatedJson } from '../json-mutations.ts'
import { judge } from '../judge.ts'
import type { Target } from '../target.ts'

const TEXTS = [
  '카센터에서 자동차부분정비 타이어오일교환',
  '쌀 국수 food, ok!',
  '\u1112\u1161\u11ab글 \u200b🙂 3-4',
]

const special = (id: number, content: string) => ({
  id,
  content,
  single_word: false,
  lstrip: false,
  rstrip: false,
  normalized: false,
  special: true,
})

const roberta = {
  post_processor: {
    type: 'RobertaProcessing',
    sep: ['</s>', 2],
    cls: ['<s>', 0],
    trim_offsets: true,
    add_prefix_space: false,
  },
  added_tokens: ['<s>', '<pad>', '</s>', '<unk>', '<mask>'].map((token, id) => special(id, token)),
}

const byteLevel = {
  version: '1.0',
  truncation: null,
  padding: null,
  ...roberta,
  normalizer: null,
  pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
  decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
  model: {
    type: 'BPE',
    dropout: null,
    unk_token: '<unk>',
    continuing_subword_prefix: null,
    end_of_word_suffix: null,
    fuse_unk: false,
    byte_fallback: false,
    vocab: {
      '<s>': 0,
      '<pad>': 1,
      '</s>': 2,
      '<unk>': 3,
      '<mask>': 4,
      f: 5,
      o: 6,
      d: 7,
      fo: 8,
      od: 9,
      food: 10,
      Ġ: 11,
    },
    merges: ['f o', 'o d', 'fo od'],
  },
}

const unigram = {
  ...byteLevel,
  pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true },
  decoder: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true },
  model: {
    type: 'Unigram',
    unk_id: 3,
    byte_fallback: false,
    vocab: [
      ['<s>', 0],
      ['<pad>', 0],
      ['</s>', 0],
      ['<unk>', 0],
      ['<mask>', 0],
      ['▁', -2],
      ['쌀', -3.5],
      ['국수', -4],
      ['▁food', -5],
    ],
  },
}

/** A tokenizer.json: it gives every text ids within its vocabulary, or it is refused. */
export const tokenizer: Target = {
  name: 'tokenizer',
  inputs: async () => {
    const vocabulary = await trainWordPiece(TEXTS, { vocabSize: 60 })
    const { files } = createTokenizer({ vocabulary, tokenizerConfig: { do_lower_case: false } })
    const wordPiece = JSON.parse(JSON.stringify(files?.tokenizerJson))
    return mutatedJson([wordPiece, byteLevel, unigram])
  },
  check: (bytes) =>
    judge(bytes.length, async () => {
      const read = createTokenizer({ tokenizerJson: JSON.parse(new TextDecoder().decode(bytes)) })
      for (const text of TEXTS) {
        const ids = read.encode(text)
        const wrong = ids.find((id) => !(id >= 0 && id < read.vocabSize))
        if (wrong !== undefined) throw new Error(`'${text}' has the id ${wrong} of ${read.vocabSize}`)
        read.decode(ids)
      }
      return { bytes: 0 }
    }),
}
