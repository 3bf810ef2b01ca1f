import type { ModelFiles } from '../model/model-files.ts'
import type { OpenModelOptions } from '../model/open-options.ts'
import type { OpenedModel } from '../model/opened-model.ts'
import { filesBelow } from '../model/source.ts'
import type { OnnxRuntime } from '../run/onnx-runtime.ts'
import { loadNetwork } from '../run/open-network.ts'
import { pairScorer } from './pair-scorer.ts'
import { PAIRS_FOLDER, RETRIEVER_FOLDER } from './rerank-file.ts'
import { rerankedFacts } from './reranked-folder.ts'
import { rerankedScorer } from './reranked-scorer.ts'

/**
 * @param bytes of `rerank.json`
 * @param openRetriever `openModel` with its options
 * @throws KicError `predictor/rerank`, and as `openModel`
 */
export const openReranked = async (
  files: ModelFiles,
  bytes: Uint8Array,
  runtime: () => Promise<OnnxRuntime>,
  options: OpenModelOptions,
  openRetriever: (files: ModelFiles) => Promise<OpenedModel>,
): Promise<OpenedModel> => {
  const retriever = await openRetriever(filesBelow(files, RETRIEVER_FOLDER))
  try {
    // The pair model's classes are its own, whatever notes are known.
    const { network, precision } = await loadNetwork(filesBelow(files, PAIRS_FOLDER), runtime, {
      ...options,
      known: undefined,
    })
    try {
      const { settings, ...facts } = await rerankedFacts(files, bytes, options, retriever, network)
      const { warnings } = retriever
      return {
        ...facts,
        warnings: [...facts.warnings, ...warnings],
        info: { kind: 'reranked', name: files.name, precision, maxTokens: retriever.info.maxTokens },
        examples: retriever.examples,
        createScorer: (running = {}) =>
          rerankedScorer(
            retriever.createScorer(running),
            retriever.notes.calibration?.temperature,
            pairScorer(network, running),
            settings,
          ),
        release: async () => {
          await Promise.all([retriever.release(), network.session.release()])
        },
      }
    } catch (error) {
      await network.session.release()
      throw error
    }
  } catch (error) {
    await retriever.release()
    throw error
  }
}
