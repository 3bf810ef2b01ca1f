import { saveFiles } from '@kic/core/node'
import type { Tokenizer } from '@kic/tokenizer'
import { encodeTextFiles, type TextFilesOptions } from './encode-text-files.ts'

/** Writes what makes tokens of texts into a model's folder: text preparation and tokenizer. */
export const saveTextFiles = (
  folder: string,
  tokenizer: Tokenizer,
  options: TextFilesOptions = {},
): Promise<void> => saveFiles(folder, encodeTextFiles(tokenizer, options))
