import { withoutTelemetry } from '@kic/core'
import type { Predictor } from './answers/predictor.ts'
import { type LoadPredictorOptions, predictorFrom } from './load-from.ts'
import type { FolderOptions } from './model/folder-options.ts'
import type { ModelFiles } from './model/model-files.ts'
import { sourceIn } from './model/node-source.ts'
import { recordFiles } from './model/recorded-files.ts'
import { type PredictorTask, taskOf } from './predictor-task.ts'
import { importRuntime, type OnnxRuntime } from './run/onnx-runtime.ts'

/**
 * ONNX Runtime's native build, on which `loadPredictor` runs. Long work that ends with loading a model checks it first.
 *
 * @throws KicError `predictor/no-onnxruntime` with the install command
 */
export const nodeRuntime = (): Promise<OnnxRuntime> => {
  withoutTelemetry()
  return importRuntime('onnxruntime-node', () => import('onnxruntime-node'))
}

/**
 * Loads a classifier or an ensemble from disk, on ONNX Runtime's native build, and identifies it (`info.id`).
 *
 * @param source a folder's path or `file:` URL, an ensemble's file, or any reader of a model's files
 * @throws KicError `predictor/no-onnxruntime`, `predictor/unreadable-file`, and as `openModel`; for an ensemble
 * `ensemble/file`, `predictor/ensemble-model`, `predictor/ensemble-classes`
 */
export const loadPredictor = async (
  source: string | URL | ModelFiles,
  options: LoadPredictorOptions = {},
): Promise<Predictor> => {
  const { files: found, ensemble } = await sourceIn(source)
  const { files, digest } = recordFiles(found)
  const runtime = async () => options.runtime ?? nodeRuntime()
  const predictor = await predictorFrom({ files, ensemble }, runtime, options)
  return { ...predictor, info: { ...predictor.info, id: `sha256:${digest(options.budget)}` } }
}

/**
 * Reads what a predictor of this source answers, without loading weights.
 *
 * @throws KicError `predictor/unreadable-file`, `ensemble/file`, and as `readModelFolder`
 */
export const readTask = async (
  source: string | URL | ModelFiles,
  options?: FolderOptions,
): Promise<PredictorTask> => taskOf(await sourceIn(source), options)
