import type { Predictor } from './answers/predictor.ts'
import { type LoadPredictorOptions, predictorFrom } from './load-from.ts'
import { filesAt, type ModelFiles } from './model/model-files.ts'
import type { Source } from './model/source.ts'
import { importRuntime, type OnnxRuntime } from './run/onnx-runtime.ts'

/**
 * Loads a classifier or an ensemble from the URL of its folder, or from any reader of its files. A classifier has
 * `config.json`, `tokenizer.json`, `onnx/model_quantized.onnx` or `onnx/model.onnx`, `preparation.json`, and `kic.json` with
 * its calibration. An ensemble has `ensemble.json`, whose own URL works too, and its models' folders.
 *
 * @throws KicError `predictor/no-onnxruntime`, `predictor/fetch`, and as `openModel`; for an ensemble `ensemble/file`,
 * `predictor/ensemble-model`, `predictor/ensemble-classes`
 */
export const loadPredictor = async (
  source: string | URL | ModelFiles,
  options: LoadPredictorOptions = {},
): Promise<Predictor> => predictorFrom(sourceAt(source), () => webRuntime(options), options)

const sourceAt = (source: string | URL | ModelFiles): Source => {
  if (typeof source !== 'string' && !(source instanceof URL)) return { files: source }
  const [, folder, ensemble] = /^(.*\/)([^/]+\.json)$/.exec(String(source)) ?? []
  return folder === undefined ? { files: filesAt(source) } : { files: filesAt(folder), ensemble }
}

const webRuntime = async ({ runtime }: LoadPredictorOptions): Promise<OnnxRuntime> =>
  runtime ?? importRuntime('onnxruntime-web', () => import('onnxruntime-web'))
