import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { saveFiles, writeFolderAtomic } from '@kic/core/node'
import {
  CARD_FILE,
  type EncodePretrainedOptions,
  encodePretrained,
  type PretrainedModel,
} from './encode-pretrained.ts'
import { CARD_MARK } from './model-card.ts'

export interface SavePretrainedOptions extends EncodePretrainedOptions {
  /** Writes more files into the folder, for example `(at) => saveTokenizer(at, tokenizer)`. */
  readonly files?: ((folder: string) => Promise<void>) | undefined
}

/**
 * Writes a model as a Hugging Face folder: the files of `encodePretrained`, and those of `files`.
 *
 * The folder appears as a whole: readers see the old one or the new one. Other files in it stay, except weights in
 * another format, which belong to another model. A README.md that was not generated also stays.
 *
 * @throws KicError `roberta/labels`, `core/write-failed`, `safetensors/tensor-size`
 */
export const savePretrained = async (
  folder: string,
  model: PretrainedModel,
  { files, ...options }: SavePretrainedOptions = {},
): Promise<void> => {
  const encoded = new Map(encodePretrained(model, options))
  if (await hasOwnCard(folder)) encoded.delete(CARD_FILE)
  await writeFolderAtomic(
    folder,
    async (at) => {
      await saveFiles(at, encoded)
      await files?.(at)
    },
    (name) => WEIGHTS.test(name),
  )
}

/** Weights in any format that loading finds. */
export const WEIGHTS = /^(model|pytorch_model)(-\d{5}-of-\d{5})?\.(safetensors|bin)(\.index\.json)?$/

/** Whether a folder has a README.md that was not generated. */
export const hasOwnCard = async (folder: string): Promise<boolean> =>
  readFile(join(folder, CARD_FILE), 'utf8').then(
    (text) => !text.includes(CARD_MARK),
    () => false,
  )
