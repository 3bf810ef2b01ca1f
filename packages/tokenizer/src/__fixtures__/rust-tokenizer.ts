import * as rust from 'tokenizers'

/** `added_tokens` entry of a tokenizer.json. */
export const addedToken = (id: number, content: string, options: object = {}) => ({
  id,
  content,
  single_word: false,
  lstrip: false,
  rstrip: false,
  normalized: false,
  special: true,
  ...options,
})

export const SPECIAL = ['[CLS]', '[PAD]', '[SEP]', '[UNK]', '[MASK]']

/** A BERT tokenizer.json as the Rust crate writes it, klue's special tokens first. */
export const bertJson = (pieces: readonly string[], normalizer: object = {}, added: readonly object[] = []) => ({
  version: '1.0',
  truncation: null,
  padding: null,
  added_tokens: [...SPECIAL.map((content, id) => addedToken(id, content)), ...added],
  normalizer: {
    type: 'BertNormalizer',
    clean_text: true,
    handle_chinese_chars: true,
    strip_accents: null,
    lowercase: false,
    ...normalizer,
  },
  pre_tokenizer: { type: 'BertPreTokenizer' },
  post_processor: {
    type: 'TemplateProcessing',
    single: [
      { SpecialToken: { id: '[CLS]', type_id: 0 } },
      { Sequence: { id: 'A', type_id: 0 } },
      { SpecialToken: { id: '[SEP]', type_id: 0 } },
    ],
    pair: [
      { SpecialToken: { id: '[CLS]', type_id: 0 } },
      { Sequence: { id: 'A', type_id: 0 } },
      { SpecialToken: { id: '[SEP]', type_id: 0 } },
      { Sequence: { id: 'B', type_id: 1 } },
      { SpecialToken: { id: '[SEP]', type_id: 1 } },
    ],
    special_tokens: {
      '[CLS]': { id: '[CLS]', ids: [0], tokens: ['[CLS]'] },
      '[SEP]': { id: '[SEP]', ids: [2], tokens: ['[SEP]'] },
    },
  },
  decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
  model: {
    type: 'WordPiece',
    unk_token: '[UNK]',
    continuing_subword_prefix: '##',
    max_input_chars_per_word: 100,
    vocab: Object.fromEntries([...SPECIAL, ...pieces].map((token, id) => [token, id])),
  },
})

/** The official Rust tokenizer of a tokenizer.json. */
export const rustTokenizer = (json: object): rust.Tokenizer => rust.Tokenizer.fromString(JSON.stringify(json))

/** A tokenizer.json with one part and an arbitrary model. */
const bareJson = (sections: object) => ({
  version: '1.0',
  truncation: null,
  padding: null,
  added_tokens: [],
  normalizer: null,
  pre_tokenizer: null,
  post_processor: null,
  decoder: null,
  model: { type: 'WordLevel', vocab: { '[UNK]': 0 }, unk_token: '[UNK]' },
  ...sections,
})

const existing = <T>(part: T | null): T => {
  if (part === null) throw new Error('the official tokenizer has no such part')
  return part
}

/** The official normalizer of a section. */
export const rustNormalizer = (section: object): rust.Normalizer =>
  existing(rustTokenizer(bareJson({ normalizer: section })).getNormalizer())

/** The official pre-tokenizer of a section. */
export const rustPreTokenizer = (section: object): rust.PreTokenizer =>
  existing(rustTokenizer(bareJson({ pre_tokenizer: section })).getPreTokenizer())

/** The official decoder of a section. */
export const rustDecoder = (section: object): rust.Decoder =>
  existing(rustTokenizer(bareJson({ decoder: section })).getDecoder())
