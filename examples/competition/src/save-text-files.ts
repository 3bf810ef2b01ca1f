import { savePreparation } from '@kic/data/node'
import { defaultPreparation } from '@kic/data/prepare'
import { createTokenizer, type Tokenizer } from '@kic/tokenizer'
import { saveTokenizer } from '@kic/tokenizer/node'

/**
 * Writes what makes ids of texts into a model's folder: how they are prepared (`loadTask` did so), and the tokenizer.
 *
 * @param maxLength the longest row that the model learned from, where it has positions for longer ones
 */
export const saveTextFiles = async (
  folder: string,
  tokenizer: Tokenizer,
  maxLength?: number | undefined,
): Promise<void> => {
  await savePreparation(folder, defaultPreparation)
  const { files } = tokenizer
  if (files === null || maxLength === undefined) return saveTokenizer(folder, tokenizer)
  const tokenizerConfig = { ...files.tokenizerConfig, model_max_length: maxLength }
  await saveTokenizer(folder, createTokenizer({ ...files, tokenizerConfig }))
}
