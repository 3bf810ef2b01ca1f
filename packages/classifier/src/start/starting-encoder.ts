import { type RobertaConfig, robertaParameters } from '@kic/roberta'
import { loadPretrained } from '@kic/roberta/node'
import type { HostTensors } from '@kic/safetensors'
import type { Tokenizer } from '@kic/tokenizer'
import { loadTokenizer } from '@kic/tokenizer/node'
import { type EncoderSizes, freshConfig } from './fresh-config.ts'
import { freshTokenizer } from './fresh-tokenizer.ts'

/** Sizes of a model that is trained from scratch. */
export interface FreshSizes extends EncoderSizes {
  /** What its tokens are; default: `words`. */
  readonly reading?: 'words' | 'characters' | undefined
  /** Maximum number of tokens in the vocabulary. */
  readonly vocabulary: number
}

export type StartingEncoderOptions =
  | {
      /** The folder of a saved model, as `startingFolder` gives it. */
      readonly from: string
    }
  | {
      /** From scratch. */
      readonly from?: undefined
      /** Training texts of the vocabulary. */
      readonly texts: Iterable<string>
      readonly sizes: FreshSizes
    }

/** What pretraining and training start from. */
export interface StartingEncoder {
  readonly tokenizer: Tokenizer
  readonly config: RobertaConfig
  /** The encoder's parameters; empty from scratch. */
  readonly encoder: HostTensors
}

/**
 * Encoder and tokenizer of a saved model, or a fresh encoder and a vocabulary learned from texts.
 *
 * @throws KicError as `loadPretrained`, `loadTokenizer` and `freshTokenizer`
 */
export const startingEncoder = async (options: StartingEncoderOptions): Promise<StartingEncoder> => {
  const { from } = options
  if (from === undefined) {
    const { texts, sizes } = options
    const tokenizer = await freshTokenizer(texts, sizes)
    return { tokenizer, config: freshConfig(tokenizer, sizes), encoder: {} }
  }
  const { config, params } = await loadPretrained(from, { parameters: robertaParameters })
  return { tokenizer: await loadTokenizer(from), config, encoder: params }
}
