import { defined } from '@kic/core'
import type { ModelNotes, Precision, Predictor } from '@kic/predictor'
import { loadPredictor, threadRuntime } from '@kic/predictor/node'

/** How to load a model. */
export interface ModelOptions {
  /**
   * Folder of a model or an ensemble, or the file of an ensemble: a path or a `file:` URL. Or a loaded model, which the
   * server frees at its end.
   */
  readonly model: string | URL | ServedModel
  /** Weights to run; default: the fastest ones in the folder. */
  readonly precision?: Precision | undefined
  /**
   * Threads of a small model; default: one per processor, at most four. 0 runs any model on the calling thread, without further
   * threads of ONNX Runtime.
   */
  readonly threads?: number | undefined
  /** Texts per batch; default 16: larger batches take longer and are not cheaper per text. */
  readonly batchSize?: number | undefined
  /** Notes that may be those of a folder without `kic.json`, by its labels. */
  readonly known?: readonly ModelNotes[] | undefined
}

/** A loaded model. */
export interface ServedModel {
  readonly predictor: Predictor
  /** Identifies the model in answers; for a loaded one, SHA-256 over its files. */
  readonly id: string
}

/** One thread of ONNX Runtime, which is the calling one. */
const ALONE = { intraOpNumThreads: 1 }

/**
 * Loads a model into threads of its own, so that requests are read and answered while it computes.
 *
 * @throws KicError as `loadPredictor` of `@kic/predictor/node`
 */
export const loadServedModel = async ({
  model,
  threads,
  batchSize = 16,
  ...options
}: ModelOptions): Promise<ServedModel> => {
  if (typeof model === 'object' && 'predictor' in model) return model
  const running = threads === 0 ? { session: ALONE } : { runtime: threadRuntime(threads) }
  const predictor = await loadPredictor(model, { ...options, ...running, batchSize })
  return { predictor, id: defined(predictor.info.id) }
}
