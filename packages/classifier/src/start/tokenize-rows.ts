import { maxTokens, type RobertaConfig } from '@kic/roberta'
import { encodeUnpadded, type Tokenizer, tokenLimit, type UnpaddedRows } from '@kic/tokenizer'

/**
 * Texts as the rows of tokens that a model learns from and predicts, special tokens included, without padding.
 *
 * @param texts prepared, as `prepareText` does
 * @param maxLength the longest row; default: what model and tokenizer allow
 * @throws KicError as `encodeUnpadded`
 */
export const tokenizeRows = (
  { tokenizer, config }: { readonly tokenizer: Tokenizer; readonly config: RobertaConfig },
  texts: readonly string[],
  maxLength: number = Number.POSITIVE_INFINITY,
): UnpaddedRows =>
  encodeUnpadded(tokenizer, texts, {
    maxLength: Math.min(maxLength, tokenLimit(tokenizer, maxTokens(config))),
    typeVocabSize: config.type_vocab_size,
  })
