import type { RobertaConfig } from '@kic/roberta'
import type { HostTensors } from '@kic/safetensors'
import type { Tokenizer } from '@kic/tokenizer'
import { type EncoderSizes, freshConfig } from './fresh-config.ts'
import { freshTokenizer } from './fresh-tokenizer.ts'

/** Sizes of a model that is trained from scratch. */
export interface FreshSizes extends EncoderSizes {
  /** What its tokens are; default: `words`. */
  readonly reading?: 'words' | 'characters' | undefined
  /** Maximum number of tokens in the vocabulary. */
  readonly vocabulary: number
}

/** What pretraining and training start from. */
export interface StartingEncoder {
  readonly tokenizer: Tokenizer
  readonly config: RobertaConfig
  /** The encoder's parameters; empty from scratch. */
  readonly encoder: HostTensors
}

/**
 * A fresh encoder, and a vocabulary learned from texts.
 *
 * @throws KicError as `freshTokenizer`
 */
export const freshEncoder = async (texts: Iterable<string>, sizes: FreshSizes): Promise<StartingEncoder> => {
  const tokenizer = await freshTokenizer(texts, sizes)
  return { tokenizer, config: freshConfig(tokenizer, sizes), encoder: {} }
}
