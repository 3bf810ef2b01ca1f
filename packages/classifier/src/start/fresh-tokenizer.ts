import { createTokenizer, type Tokenizer, trainWordPiece } from '@kic/tokenizer'

export interface FreshTokenizerOptions {
  /** Maximum number of pieces. */
  readonly vocabulary: number
  /** The longest row of tokens, written into the tokenizer's files; default: what the model has positions for. */
  readonly maxLength?: number | undefined
  /** One token for each character. Default false. */
  readonly charactersOnly?: boolean | undefined
}

/**
 * A tokenizer whose WordPiece vocabulary is learned from texts.
 *
 * @throws KicError as `trainWordPiece`
 */
export const freshTokenizer = async (
  texts: Iterable<string>,
  { vocabulary, maxLength, charactersOnly = false }: FreshTokenizerOptions,
): Promise<Tokenizer> =>
  createTokenizer({
    vocabulary: await trainWordPiece(texts, { vocabSize: vocabulary, charactersOnly }),
    // transformers.js pads and truncates by model_max_length.
    tokenizerConfig: {
      do_lower_case: false,
      ...(maxLength !== undefined && { model_max_length: maxLength }),
    },
  })
