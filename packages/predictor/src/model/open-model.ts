import { openReranked } from '../rerank/open-reranked.ts'
import type { OnnxRuntime } from '../run/onnx-runtime.ts'
import { openNetwork } from '../run/open-network.ts'
import { openNgram } from '../run/open-ngram.ts'
import { CONFIG_FILE } from './model-config.ts'
import type { ModelFiles } from './model-files.ts'
import { mainFiles } from './model-folder.ts'
import type { OpenModelOptions } from './open-options.ts'
import type { OpenedModel } from './opened-model.ts'
import { readOnce } from './source.ts'
import type { TokenizerCache } from './tokenizer-cache.ts'

/**
 * A model's folder, ready to run.
 *
 * @param runtime called only if the model is or has a network
 * @throws KicError `predictor/no-weights`, `predictor/bad-weights`, and as `readModelFolder`
 */
export const openModel = async (
  given: ModelFiles,
  runtime: () => Promise<OnnxRuntime>,
  options: OpenModelOptions & { readonly tokenizers?: TokenizerCache | undefined },
): Promise<OpenedModel> => {
  const files = readOnce(given, CONFIG_FILE)
  const { ngram, rerank } = await mainFiles(files)
  if (ngram !== undefined) return openNgram(files, ngram, options)
  if (rerank === undefined) return openNetwork(files, runtime, options)
  return openReranked(files, rerank, runtime, options, (below) => openModel(below, runtime, options))
}
