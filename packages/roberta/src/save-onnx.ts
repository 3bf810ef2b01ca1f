import { join } from 'node:path'
import { saveFiles } from '@kic/core/node'
import type { WeightFormat } from '@kic/engine'
import { type EncodeOnnxOptions, encodeOnnx, type OnnxModel } from './encode-onnx.ts'

export interface SaveOnnxOptions extends Pick<EncodeOnnxOptions, 'embedUpTo'> {
  /** Storage formats of the weights, one model file each; default: `['float32']`. */
  readonly formats?: readonly WeightFormat[] | undefined
}

/**
 * Writes the files of `encodeOnnx` into a saved Hugging Face folder, with `savePretrained`, and `saveTokenizer` of
 * `@kic/tokenizer/node`.
 *
 * @returns the paths of the files written, in the order of `formats`; weights before their model
 * @throws KicError `engine/export-…` if the model cannot be exported, `core/write-failed`
 */
export const saveOnnx = async (
  folder: string,
  model: OnnxModel,
  { formats = ['float32'], embedUpTo }: SaveOnnxOptions = {},
): Promise<string[]> => {
  const paths: string[] = []
  // One format at a time, because large models fill the memory.
  for (const format of formats) {
    const files = encodeOnnx(model, { format, embedUpTo })
    await saveFiles(folder, files)
    paths.push(...Array.from(files.keys(), (path) => join(folder, path)))
  }
  return paths
}
