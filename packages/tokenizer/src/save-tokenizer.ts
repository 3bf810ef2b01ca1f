import { saveFiles } from '@kic/core/node'
import { encodeTokenizer } from './encode-tokenizer.ts'
import type { Tokenizer } from './tokenizer.ts'

/**
 * Writes the files of `encodeTokenizer` into a folder. Each file is replaced in one step.
 *
 * @throws KicError `tokenizer/not-savable` for a tokenizer that another library holds; `core/write-failed`.
 */
export const saveTokenizer = async (folder: string, tokenizer: Tokenizer): Promise<void> =>
  saveFiles(folder, encodeTokenizer(tokenizer))
