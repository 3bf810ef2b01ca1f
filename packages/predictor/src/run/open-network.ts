import { isKicError, KicError } from '@kic/core'
import type { PredictorErrorCode } from '../error-code.ts'
import type { ModelFiles } from '../model/model-files.ts'
import { readNetworkFolder } from '../model/network-folder.ts'
import type { OpenModelOptions } from '../model/open-options.ts'
import type { OpenedModel } from '../model/opened-model.ts'
import type { TokenizerCache } from '../model/tokenizer-cache.ts'
import { isSmall, type Precision, readWeights, type Weights } from '../model/weights.ts'
import type { Network } from './network.ts'
import { networkScorer } from './network-scorer.ts'
import type { OnnxRuntime, OrtSession } from './onnx-runtime.ts'

type OpenNetworkOptions = OpenModelOptions & { readonly tokenizers?: TokenizerCache | undefined }

/** @throws KicError as `openModel` */
export const openNetwork = async (
  files: ModelFiles,
  getRuntime: () => Promise<OnnxRuntime>,
  options: OpenNetworkOptions,
): Promise<OpenedModel> => {
  const { network, precision } = await loadNetwork(files, getRuntime, options)
  const { session, runtime: _, ...folder } = network
  return {
    ...folder,
    info: { kind: 'network', name: folder.name, precision, maxTokens: folder.maxTokens },
    createScorer: (running = {}) => networkScorer(network, running),
    release: () => session.release(),
  }
}

/**
 * A network's folder with its session, which the caller releases.
 *
 * @throws KicError as `openModel`
 */
export const loadNetwork = async (
  files: ModelFiles,
  getRuntime: () => Promise<OnnxRuntime>,
  { precision, session, known, tokenizers }: OpenNetworkOptions,
): Promise<{ readonly network: Network; readonly precision: Precision }> => {
  // All load at the same time. Faults of the folder itself are reported first.
  const reading = Promise.allSettled([readWeights(files, precision), getRuntime()])
  const folder = await readNetworkFolder(files, { known, tokenizers })
  const [read, loaded] = await reading
  if (loaded.status === 'rejected') throw loaded.reason
  if (read.status === 'rejected') throw read.reason
  const [runtime, weights] = [loaded.value, read.value]
  const network = { ...folder, runtime, session: await openSession(files, runtime, weights, session) }
  return { network, precision: weights.precision }
}

const openSession = async (
  files: ModelFiles,
  runtime: OnnxRuntime,
  { bytes, path }: Weights,
  options: OpenModelOptions['session'],
): Promise<OrtSession> => {
  try {
    return await runtime.InferenceSession.create(bytes, {
      logSeverityLevel: 3,
      ...(isSmall(bytes) ? { intraOpNumThreads: 1 } : {}),
      ...options,
    })
  } catch (cause) {
    if (isKicError(cause)) throw cause
    throw new KicError<PredictorErrorCode>(
      'predictor/bad-weights',
      `loadPredictor: ONNX Runtime must be able to run ${path} in ${files.name}, received an error: ` +
        `${(cause instanceof Error ? cause.message : String(cause)).replace(/\.$/, '')}. Export the model again.`,
      { cause },
    )
  }
}
