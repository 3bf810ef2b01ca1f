import { resolveModel } from '@kic/checkpoints/node'
import { type RobertaConfig, robertaParameters } from '@kic/roberta'
import { loadPretrained } from '@kic/roberta/node'
import type { HostTensors } from '@kic/safetensors'
import type { Tokenizer } from '@kic/tokenizer'
import { loadTokenizer } from '@kic/tokenizer/node'
import { type EncoderSizes, freshConfig } from './fresh-config.ts'
import { freshTokenizer } from './fresh-tokenizer.ts'

/** Sizes of what is trained from scratch. */
export interface FreshSizes extends EncoderSizes {
  /** Pieces of the vocabulary, at most. */
  readonly vocabulary: number
}

export interface StartingEncoderOptions {
  /** Folder of a saved model, or an id of the Hub such as `klue/roberta-small`; absent from scratch. */
  readonly from?: string | undefined
  /** From scratch: what the vocabulary is learned from. */
  readonly texts: Iterable<string>
  /** From scratch. */
  readonly sizes: FreshSizes
}

/** What pretraining and training begin with. */
export interface StartingEncoder {
  readonly tokenizer: Tokenizer
  readonly config: RobertaConfig
  /** The encoder's parameters; none from scratch. */
  readonly encoder: HostTensors
}

/**
 * The folder of a saved model, downloaded where it is one of the Hub.
 *
 * @param onMegabytes is told how much has been downloaded
 * @throws KicError as `resolveModel`
 */
export const modelFolder = (from: string, onMegabytes: (received: number) => void = () => undefined) =>
  resolveModel(from, {
    tokenizer: true,
    onProgress: ({ totalReceived }) => onMegabytes(totalReceived / 1e6),
  })

/**
 * Encoder and tokenizer of a saved model, or a fresh encoder and a vocabulary learned from texts.
 *
 * @throws KicError as `resolveModel`, `loadPretrained`, `loadTokenizer` and `trainWordPiece`
 */
export const startingEncoder = async ({
  from,
  texts,
  sizes,
}: StartingEncoderOptions): Promise<StartingEncoder> => {
  if (from === undefined) {
    const tokenizer = await freshTokenizer(texts, sizes)
    return { tokenizer, config: freshConfig(tokenizer, sizes), encoder: {} }
  }
  const folder = await modelFolder(from)
  const { config, params } = await loadPretrained(folder, { parameters: robertaParameters })
  return { tokenizer: await loadTokenizer(folder), config, encoder: params }
}
