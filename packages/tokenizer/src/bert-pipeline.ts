import { KicError } from '@kic/core'
import type { BertPipeline } from './bert-encoder.ts'
import type { BertNormalizerOptions } from './bert-normalizer.ts'
import type { TokenizerErrorCode } from './error-code.ts'
import { asBoolean, asInteger, asString, type JsonObject, own } from './json-shape.ts'
import type { ParsedTokenizerJson } from './parse-tokenizer-json.ts'
import type { WordPieceModel } from './word-piece.ts'

const NO_NORMALIZER: BertNormalizerOptions = {
  cleanText: false,
  handleChineseChars: false,
  stripAccents: false,
  lowercase: false,
}

/** The switches of a `BertNormalizer` section. @throws KicError `tokenizer/bad-json` */
export const readBertNormalizerOptions = (section: JsonObject, where: string): BertNormalizerOptions => {
  const option = (key: string, fallback: boolean): boolean =>
    asBoolean(own(section, key), `${where}.${key}`, fallback)
  const lowercase = option('lowercase', true)
  return {
    cleanText: option('clean_text', true),
    handleChineseChars: option('handle_chinese_chars', true),
    stripAccents: option('strip_accents', lowercase),
    lowercase,
  }
}

/** The WordPiece model of a tokenizer.json. @throws KicError `tokenizer/bad-json`, `tokenizer/missing-special-token` */
export const readWordPieceModel = ({ model, modelVocabulary }: ParsedTokenizerJson): WordPieceModel => {
  const unk = asString(own(model, 'unk_token') ?? '[UNK]', 'model.unk_token')
  const unkId = modelVocabulary.get(unk)
  if (unkId === undefined) {
    throw new KicError<TokenizerErrorCode>(
      'tokenizer/missing-special-token',
      `createTokenizer: model.vocab must hold model.unk_token, but has no ${JSON.stringify(unk)}. ` +
        'Add it to the vocabulary.',
    )
  }
  const prefix = own(model, 'continuing_subword_prefix') ?? '##'
  const longest = own(model, 'max_input_chars_per_word') ?? 100
  return {
    vocabulary: modelVocabulary,
    unkId,
    continuingPrefix: asString(prefix, 'model.continuing_subword_prefix'),
    maxCharacters: asInteger(longest, 'model.max_input_chars_per_word', 1, 1e5),
  }
}

/**
 * The pipeline of a tokenizer.json for BERT (`BertNormalizer` or none, `BertPreTokenizer`, `WordPiece`), or `null` if
 * it has other parts.
 *
 * @throws KicError `tokenizer/bad-json` or `tokenizer/missing-special-token`.
 */
export const readBertPipeline = (json: ParsedTokenizerJson): BertPipeline | null => {
  const { modelType, preTokenizer, normalizer, addedTokens } = json
  if (modelType !== 'WordPiece') return null
  if (preTokenizer === null || own(preTokenizer, 'type') !== 'BertPreTokenizer') return null
  if (normalizer !== null && own(normalizer, 'type') !== 'BertNormalizer') return null
  return {
    normalizer: normalizer === null ? NO_NORMALIZER : readBertNormalizerOptions(normalizer, 'normalizer'),
    addedTokens,
    model: readWordPieceModel(json),
  }
}

/** The entries of tokenizer_config.json for such a pipeline; without them, transformers would lower every text. */
export const bertTokenizerConfig = ({ normalizer }: BertPipeline): JsonObject => ({
  tokenizer_class: 'BertTokenizer',
  do_lower_case: normalizer.lowercase,
  strip_accents: normalizer.stripAccents,
  tokenize_chinese_chars: normalizer.handleChineseChars,
})
