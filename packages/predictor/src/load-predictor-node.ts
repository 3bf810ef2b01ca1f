import type { Predictor } from './answers/predictor.ts'
import { type LoadPredictorOptions, predictorFrom } from './load-from.ts'
import type { ModelFiles } from './model/model-files.ts'
import { sourceIn } from './model/node-source.ts'
import { type PredictorTask, taskOf } from './predictor-task.ts'
import { importRuntime, type OnnxRuntime } from './run/onnx-runtime.ts'

/**
 * ONNX Runtime's native build: what `loadPredictor` runs on. Long work that ends with a model to load asks for it first.
 *
 * @throws KicError `predictor/no-onnxruntime` with what to install.
 */
export const nodeRuntime = (): Promise<OnnxRuntime> =>
  importRuntime('onnxruntime-node', () => import('onnxruntime-node'))

/**
 * Loads a classifier, or an ensemble of them, from a folder on the disk, on ONNX Runtime's native build.
 *
 * @param source the folder's path or `file:` URL, that of an ensemble's file, or anything that can read a model's files
 * @throws KicError `predictor/no-onnxruntime`, `predictor/unreadable-file`, and as `openModel`; of an ensemble `ensemble/file`,
 *   `predictor/ensemble-model`, `predictor/ensemble-classes`.
 */
export const loadPredictor = async (
  source: string | URL | ModelFiles,
  options: LoadPredictorOptions = {},
): Promise<Predictor> =>
  predictorFrom(await sourceIn(source), options.runtime ?? (await nodeRuntime()), options)

/**
 * What `loadPredictor` would answer, without weights.
 *
 * @throws KicError `predictor/unreadable-file`, `ensemble/file`, and as `readModelFolder`.
 */
export const readTask = async (source: string | URL | ModelFiles): Promise<PredictorTask> =>
  taskOf(await sourceIn(source))
