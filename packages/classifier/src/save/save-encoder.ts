import type { TextPreparation } from '@kic/data/prepare'
import type { RobertaConfig } from '@kic/roberta'
import { savePretrained } from '@kic/roberta/node'
import type { HostTensors } from '@kic/safetensors'
import type { Tokenizer } from '@kic/tokenizer'
import { saveTextFiles } from './save-text-files.ts'

/** An encoder that a classifier can start from. */
export interface TrainedEncoder {
  readonly config: RobertaConfig
  /** The encoder's parameters, or those of a model that has more. */
  readonly params: HostTensors
  readonly tokenizer: Tokenizer
}

/**
 * Writes an encoder as a folder that `startingEncoder` loads: weights, config, tokenizer, text preparation. The folder appears as
 * a whole.
 *
 * @param preparation how its texts were prepared; default: as everywhere
 * @throws KicError as `savePretrained`
 */
export const saveEncoder = (
  folder: string,
  { config, params, tokenizer }: TrainedEncoder,
  preparation?: TextPreparation,
): Promise<void> =>
  savePretrained(folder, { config, params }, { files: (at) => saveTextFiles(at, tokenizer, { preparation }) })
