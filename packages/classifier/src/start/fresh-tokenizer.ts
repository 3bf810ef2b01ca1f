import { createTokenizer, type Tokenizer, trainCharacterTokenizer, trainWordPiece } from '@kic/tokenizer'

export interface FreshTokenizerOptions {
  /** `words`: pieces of words (default). `characters`: characters without spacing and punctuation. */
  readonly reading?: 'words' | 'characters' | undefined
  /** Maximum number of tokens. */
  readonly vocabulary: number
  /** The longest row of tokens, written into the tokenizer's files; default: what the model has positions for. */
  readonly maxLength?: number | undefined
  /** Of words: one token for each character. Default false. */
  readonly charactersOnly?: boolean | undefined
}

/**
 * A tokenizer whose vocabulary is learned from texts.
 *
 * @throws KicError as `trainWordPiece` and `trainCharacterTokenizer`
 */
export const freshTokenizer = async (
  texts: Iterable<string>,
  { reading = 'words', vocabulary, maxLength, charactersOnly = false }: FreshTokenizerOptions,
): Promise<Tokenizer> => {
  if (reading === 'characters') return trainCharacterTokenizer(texts, { vocabSize: vocabulary, maxLength })
  return createTokenizer({
    vocabulary: await trainWordPiece(texts, { vocabSize: vocabulary, charactersOnly }),
    // transformers.js pads and truncates by model_max_length.
    tokenizerConfig: {
      do_lower_case: false,
      ...(maxLength !== undefined && { model_max_length: maxLength }),
    },
  })
}
