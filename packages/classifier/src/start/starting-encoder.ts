import { robertaParameters } from '@kic/roberta'
import { loadPretrained } from '@kic/roberta/node'
import { loadTokenizer } from '@kic/tokenizer/node'
import { type FreshSizes, freshEncoder, type StartingEncoder } from './fresh-encoder.ts'

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

/**
 * Encoder and tokenizer of a saved model, or a fresh encoder and a vocabulary learned from texts.
 *
 * @throws KicError as `loadPretrained`, `loadTokenizer` and `freshEncoder`
 */
export const startingEncoder = async (options: StartingEncoderOptions): Promise<StartingEncoder> => {
  const { from } = options
  if (from === undefined) return freshEncoder(options.texts, options.sizes)
  const { config, params } = await loadPretrained(from, { parameters: robertaParameters })
  return { tokenizer: await loadTokenizer(from), config, encoder: params }
}
