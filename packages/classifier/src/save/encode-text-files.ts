import type { FolderFiles } from '@kic/core'
import { defaultPreparation, encodePreparation, type TextPreparation } from '@kic/data/prepare'
import { createTokenizer, encodeTokenizer, type Tokenizer } from '@kic/tokenizer'

export interface TextFilesOptions {
  /** How texts were prepared; default: as everywhere. */
  readonly preparation?: TextPreparation | undefined
  /** The longest row that the model learned from, where it has positions for longer ones. */
  readonly maxLength?: number | undefined
}

/** What makes tokens of texts in a model's folder: text preparation and tokenizer. */
export const encodeTextFiles = (
  tokenizer: Tokenizer,
  { preparation = defaultPreparation, maxLength }: TextFilesOptions = {},
): FolderFiles =>
  new Map([...encodeTokenizer(cutTo(tokenizer, maxLength)), ...encodePreparation(preparation)])

/** The tokenizer, with the longest row written into its files. */
const cutTo = (tokenizer: Tokenizer, maxLength: number | undefined): Tokenizer => {
  const { files } = tokenizer
  if (files === null || maxLength === undefined) return tokenizer
  return createTokenizer({
    ...files,
    tokenizerConfig: { ...files.tokenizerConfig, model_max_length: maxLength },
  })
}
