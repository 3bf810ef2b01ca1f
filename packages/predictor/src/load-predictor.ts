import { type LoadModelOptions, loadModel } from './model/load-model.ts'
import { filesAt, type ModelFiles } from './model/model-files.ts'
import { createPredictor, type Predictor } from './predictor.ts'
import { importRuntime, type OnnxRuntime } from './run/onnx-runtime.ts'

export interface LoadPredictorOptions extends LoadModelOptions {
  /** ONNX Runtime; default: the npm package `onnxruntime-web`, or on `@kic/predictor/node` `onnxruntime-node`. */
  readonly runtime?: OnnxRuntime | undefined
  /** Texts that run together; default 64. */
  readonly batchSize?: number
}

/**
 * Loads a classifier from the URL of its folder, or from anything that can read its files: `config.json`,
 * `tokenizer.json`, `onnx/model_quantized.onnx` or `onnx/model.onnx`, `preparation.json`, and `kic.json` with its calibration.
 *
 * @throws KicError `predictor/no-onnxruntime`, `predictor/fetch`, and as `loadModel`.
 */
export const loadPredictor = async (
  source: string | URL | ModelFiles,
  { runtime, batchSize, ...options }: LoadPredictorOptions = {},
): Promise<Predictor> => {
  const files = typeof source === 'string' || source instanceof URL ? filesAt(source) : source
  const chosen = runtime ?? (await importRuntime('onnxruntime-web', () => import('onnxruntime-web')))
  return createPredictor(await loadModel(files, chosen, options), batchSize)
}
