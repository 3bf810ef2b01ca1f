import type { Predictor } from './answers/predictor.ts'
import { type LoadPredictorOptions, modelFrom, predictorFrom } from './load-from.ts'
import { filesAt, type ModelFiles } from './model/model-files.ts'
import type { Source } from './model/source.ts'
import type { ModelPredictor } from './run/model-predictor.ts'
import { importRuntime, type OnnxRuntime } from './run/onnx-runtime.ts'

/**
 * Loads a classifier, or an ensemble of them, from the URL of its folder, or from anything that can read its files. A
 * classifier's are `config.json`, `tokenizer.json`, `onnx/model_quantized.onnx` or `onnx/model.onnx`, `preparation.json`, and
 * `kic.json` with its calibration; an ensemble's are `ensemble.json`, whose own URL may be given too, and the folders of its
 * models.
 *
 * @throws KicError `predictor/no-onnxruntime`, `predictor/fetch`, and as `openModel`; of an ensemble `ensemble/file`,
 *   `predictor/ensemble-model`, `predictor/ensemble-classes`.
 */
export const loadPredictor = async (
  source: string | URL | ModelFiles,
  options: LoadPredictorOptions = {},
): Promise<Predictor> => predictorFrom(sourceAt(source), await webRuntime(options), options)

/**
 * Loads one classifier, whose scores can be had too.
 *
 * @throws KicError `predictor/no-onnxruntime`, `predictor/fetch`, and as `openModel`.
 */
export const loadModel = async (
  source: string | URL | ModelFiles,
  options: LoadPredictorOptions = {},
): Promise<ModelPredictor> => modelFrom(filesOf(source), await webRuntime(options), options)

const filesOf = (source: string | URL | ModelFiles): ModelFiles =>
  typeof source === 'string' || source instanceof URL ? filesAt(source) : source

const sourceAt = (source: string | URL | ModelFiles): Source => {
  const [, folder, ensemble] = /^(.*\/|)([^/]+\.json)$/.exec(urlOf(source)) ?? []
  return folder === undefined ? { files: filesOf(source) } : { files: filesAt(folder), ensemble }
}

const urlOf = (source: string | URL | ModelFiles): string =>
  typeof source === 'string' || source instanceof URL ? String(source) : ''

const webRuntime = async ({ runtime }: LoadPredictorOptions): Promise<OnnxRuntime> =>
  runtime ?? importRuntime('onnxruntime-web', () => import('onnxruntime-web'))
