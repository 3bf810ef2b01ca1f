import { savePreparation } from '@kic/data/node'
import { defaultPreparation } from '@kic/data/prepare'
import type { Tokenizer } from '@kic/tokenizer'
import { saveTokenizer } from '@kic/tokenizer/node'

/** Writes what makes ids of texts into a model's folder: how they are prepared (`loadTask` did so), and the tokenizer. */
export const saveTextFiles = async (folder: string, tokenizer: Tokenizer): Promise<void> => {
  await savePreparation(folder, defaultPreparation)
  await saveTokenizer(folder, tokenizer)
}
