import { Tokenizer as HuggingFaceTokenizer } from '@huggingface/tokenizers'
import { KicError } from '@kic/core'
import type { JsonObject } from './json-shape.ts'
import type { SequenceEncoder } from './token-buffer.ts'

/** The two directions of a tokenizer. */
export interface EncoderAndDecoder {
  readonly encoder: SequenceEncoder
  decode(ids: readonly number[], skipSpecialTokens: boolean): string
}

/** Runs a call into the library, whose errors about parts it cannot run are of many kinds. */
const attempt = <T>(caller: string, call: () => T): T => {
  try {
    return call()
  } catch (cause) {
    throw new KicError(
      'tokenizer/unsupported-component',
      `${caller}: @huggingface/tokenizers cannot run this tokenizer.json: ` +
        `${cause instanceof Error ? cause.message : String(cause)}. Use a tokenizer made of the parts it lists.`,
      { cause },
    )
  }
}

/**
 * Any tokenizer.json which `@huggingface/tokenizers` can run: BPE, Unigram, and WordPiece with other parts than BERT's.
 *
 * @throws KicError `tokenizer/unsupported-component` where it cannot.
 */
export const createGenericTokenizer = (tokenizerJson: JsonObject, config: JsonObject): EncoderAndDecoder => {
  const sections = {
    added_tokens: [],
    normalizer: null,
    pre_tokenizer: null,
    post_processor: null,
    decoder: null,
  }
  const tokenizer = attempt(
    'createTokenizer',
    () => new HuggingFaceTokenizer({ ...sections, ...tokenizerJson }, config),
  )
  return {
    encoder: {
      knowsWords: false,
      append: (text, tokens) => {
        const wellFormed = text.replace(/\p{Surrogate}/gu, '\ufffd')
        const ids: readonly (number | undefined)[] = attempt(
          'encode',
          () => tokenizer.encode(wellFormed, { add_special_tokens: false }).ids,
        )
        for (const id of ids) {
          if (id === undefined) {
            throw new KicError(
              'tokenizer/missing-special-token',
              `encode: a part of ${JSON.stringify(text.slice(0, 40))} is not in the vocabulary, nor is ` +
                'model.unk_token. Name a token of the vocabulary there.',
            )
          }
          tokens.push(id, 0)
        }
      },
    },
    decode: (ids, skipSpecialTokens) =>
      ids.length === 0
        ? ''
        : attempt('decode', () => tokenizer.decode([...ids], { skip_special_tokens: skipSpecialTokens })),
  }
}
