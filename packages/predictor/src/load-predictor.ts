import { type LoadModelOptions, loadModel } from './load-model.ts'
import { filesAt, type ModelFiles } from './model-files.ts'
import { importRuntime, type OnnxRuntime } from './onnx-runtime.ts'
import { createPredictor, type Predictor } from './predictor.ts'

export interface LoadPredictorOptions extends LoadModelOptions {
  /** ONNX Runtime; default: the npm package `onnxruntime-web`, or `onnxruntime-node` in `@kic/predictor/node`. */
  readonly runtime?: OnnxRuntime | undefined
  /** Texts per batch; default 64. */
  readonly batchSize?: number
}

/**
 * Loads a classifier from the URL of its folder, or from any reader of its files: `config.json`, `tokenizer.json`,
 * `onnx/model_quantized.onnx` or `onnx/model.onnx`, `preparation.json`, and `kic.json` with its calibration.
 *
 * @throws KicError `predictor/no-onnxruntime`, `predictor/fetch`, and as `loadModel`
 */
export const loadPredictor = async (
  source: string | URL | ModelFiles,
  { runtime, batchSize, ...options }: LoadPredictorOptions = {},
): Promise<Predictor> => {
  const files = typeof source === 'string' || source instanceof URL ? filesAt(source) : source
  const chosen = runtime ?? (await importRuntime('onnxruntime-web', () => import('onnxruntime-web')))
  return createPredictor(await loadModel(files, chosen, options), batchSize)
}
