import { defined, KicError } from '@kic/core'
import { createTokenizer } from './create-tokenizer.ts'
import type { TokenizerErrorCode } from './error-code.ts'
import type { JsonObject } from './json-shape.ts'
import { readNormalizer } from './pipeline/read-normalizer.ts'
import { wholePiece } from './pipeline/text-piece.ts'
import { KLUE_SPECIAL_TOKENS } from './special-tokens.ts'
import type { Tokenizer } from './tokenizer.ts'

/** Options of a character tokenizer. */
export interface CharacterTokenizerOptions {
  /** The most tokens, including special ones; the rarest characters are unknown. Default 12,000. */
  readonly vocabSize?: number | undefined
  /** Rarer characters are unknown. Default 1. */
  readonly minFrequency?: number | undefined
  /** The longest row of tokens, written into its files, by which transformers.js truncates. */
  readonly maxLength?: number | undefined
}

/** Lower case, composed, without white space and punctuation. Tools of Hugging Face run the same parts. */
const NORMALIZER = {
  type: 'Sequence',
  normalizers: [
    { type: 'NFC' },
    { type: 'Lowercase' },
    { type: 'Replace', pattern: { Regex: String.raw`[\s\p{P}]+` }, content: '' },
  ],
} as const satisfies JsonObject

/**
 * A tokenizer that reads characters without spaces: one token for each character, with spacing and punctuation dropped, so
 * texts that differ only in these are equal. The vocabulary has the characters of the texts, by frequency. Its files are a
 * tokenizer.json that the tokenizers of Hugging Face and transformers.js run with the same ids.
 *
 * @throws KicError `tokenizer/bad-training-option`, or `tokenizer/empty-corpus` if no text has a character
 */
export const trainCharacterTokenizer = (
  texts: Iterable<string>,
  { vocabSize = 12_000, minFrequency = 1, maxLength }: CharacterTokenizerOptions = {},
): Tokenizer => {
  const least = KLUE_SPECIAL_TOKENS.length + 1
  if (!Number.isInteger(vocabSize) || vocabSize < least || vocabSize > 1 << 20) {
    throw new KicError<TokenizerErrorCode>(
      'tokenizer/bad-training-option',
      `trainCharacterTokenizer: vocabSize must be an integer from ${least} to ${1 << 20}, received ${vocabSize}. Give 12000, say.`,
    )
  }
  const characters = frequentCharacters(texts, vocabSize - KLUE_SPECIAL_TOKENS.length, minFrequency)
  if (characters.length === 0) {
    throw new KicError<TokenizerErrorCode>(
      'tokenizer/empty-corpus',
      'trainCharacterTokenizer: the texts must have a character besides spacing and punctuation, received none. Give an iterable of texts.',
    )
  }
  return createTokenizer({
    tokenizerJson: characterTokenizerJson([...KLUE_SPECIAL_TOKENS, ...characters]),
    tokenizerConfig: {
      tokenizer_class: 'PreTrainedTokenizerFast',
      ...(maxLength !== undefined && { model_max_length: maxLength }),
    },
  })
}

const frequentCharacters = (texts: Iterable<string>, most: number, minFrequency: number): string[] => {
  const normalize = readNormalizer(NORMALIZER)
  const counts = new Map<string, number>()
  for (const text of texts) {
    for (const character of normalize(wholePiece(text)).text) {
      counts.set(character, (counts.get(character) ?? 0) + 1)
    }
  }
  return [...counts]
    .filter(([, count]) => count >= minFrequency)
    .sort(([a, m], [b, n]) => n - m || defined(a.codePointAt(0)) - defined(b.codePointAt(0)))
    .slice(0, most)
    .map(([character]) => character)
}

/** The tokenizer.json of a vocabulary: special tokens, then characters. */
const characterTokenizerJson = (vocabulary: readonly string[]): JsonObject => {
  const ids = new Map(vocabulary.map((token, id) => [token, id]))
  const special = (token: string, typeId: number) => ({ SpecialToken: { id: token, type_id: typeId } })
  const text = (id: 'A' | 'B', typeId: number) => ({ Sequence: { id, type_id: typeId } })
  const single = [special('[CLS]', 0), text('A', 0), special('[SEP]', 0)]
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: KLUE_SPECIAL_TOKENS.map((content, id) => ({
      id,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: NORMALIZER,
    pre_tokenizer: { type: 'Split', pattern: { Regex: '.' }, behavior: 'Isolated', invert: false },
    post_processor: {
      type: 'TemplateProcessing',
      single,
      pair: [...single, text('B', 1), special('[SEP]', 1)],
      special_tokens: Object.fromEntries(
        ['[CLS]', '[SEP]'].map((token) => [
          token,
          { id: token, ids: [defined(ids.get(token))], tokens: [token] },
        ]),
      ),
    },
    decoder: { type: 'WordPiece', prefix: '##', cleanup: false },
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(ids),
    },
  }
}
