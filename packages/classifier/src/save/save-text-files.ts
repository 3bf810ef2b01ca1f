import { savePreparation } from '@kic/data/node'
import { defaultPreparation, type TextPreparation } from '@kic/data/prepare'
import { createTokenizer, type Tokenizer } from '@kic/tokenizer'
import { saveTokenizer } from '@kic/tokenizer/node'

export interface SaveTextFilesOptions {
  /** How texts were prepared; default: as everywhere. */
  readonly preparation?: TextPreparation | undefined
  /** The longest row that the model learned from, where it has positions for longer ones. */
  readonly maxLength?: number | undefined
}

/** Writes what makes tokens of texts into a model's folder: text preparation and tokenizer. */
export const saveTextFiles = async (
  folder: string,
  tokenizer: Tokenizer,
  { preparation = defaultPreparation, maxLength }: SaveTextFilesOptions = {},
): Promise<void> => {
  await saveTokenizer(folder, cutTo(tokenizer, maxLength))
  await savePreparation(folder, preparation)
}

/** The tokenizer, with the longest row written into its files. */
const cutTo = (tokenizer: Tokenizer, maxLength: number | undefined): Tokenizer => {
  const { files } = tokenizer
  if (files === null || maxLength === undefined) return tokenizer
  return createTokenizer({
    ...files,
    tokenizerConfig: { ...files.tokenizerConfig, model_max_length: maxLength },
  })
}
