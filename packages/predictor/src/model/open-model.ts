import { openNetwork } from '../run/network.ts'
import { openNgram } from '../run/ngram.ts'
import type { OnnxRuntime } from '../run/onnx-runtime.ts'
import { CONFIG_FILE } from './model-config.ts'
import type { ModelFiles } from './model-files.ts'
import { type FolderOptions, ngramWeights } from './model-folder.ts'
import type { OpenedModel } from './opened-model.ts'
import { readOnce } from './source.ts'
import type { TokenizerCache } from './tokenizer-cache.ts'
import type { Precision } from './weights.ts'

export interface OpenModelOptions extends FolderOptions {
  /** Default: the first of int8, float32 and float16 in the folder. n-gram models have no choice. */
  readonly precision?: Precision | undefined
  /** Session options of ONNX Runtime, such as `{ intraOpNumThreads: 1 }`. */
  readonly session?: Readonly<Record<string, unknown>> | undefined
}

/**
 * A model's folder, ready to run.
 *
 * @param runtime called only if the model is a network
 * @throws KicError `predictor/no-weights`, `predictor/bad-weights`, and as `readModelFolder`
 */
export const openModel = async (
  given: ModelFiles,
  runtime: () => Promise<OnnxRuntime>,
  options: OpenModelOptions & { readonly tokenizers?: TokenizerCache | undefined },
): Promise<OpenedModel> => {
  const files = readOnce(given, CONFIG_FILE)
  const weights = await ngramWeights(files)
  return weights === undefined ? openNetwork(files, runtime, options) : openNgram(files, weights, options)
}
