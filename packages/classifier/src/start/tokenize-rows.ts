import { maxTokens, type RobertaConfig } from '@kic/roberta'
import { encodeUnpadded, type Tokenizer, tokenLimit, type UnpaddedRows } from '@kic/tokenizer'

/**
 * Texts as rows of tokens for training and prediction, with special tokens, without padding.
 *
 * @param texts prepared texts, see `prepareText`
 * @param maxLength the longest row; default: the limit of model and tokenizer
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
