import { type LoadPredictorOptions, loadPredictor as load } from './load-predictor.ts'
import type { ModelFiles } from './model-files.ts'
import { filesIn } from './node-files.ts'
import { importRuntime, type OnnxRuntime } from './onnx-runtime.ts'
import type { Predictor } from './predictor.ts'

/**
 * ONNX Runtime's native build, on which `loadPredictor` runs. Long work that ends with loading a model checks it first.
 *
 * @throws KicError `predictor/no-onnxruntime` with the install command
 */
export const nodeRuntime = (): Promise<OnnxRuntime> =>
  importRuntime('onnxruntime-node', () => import('onnxruntime-node'))

/**
 * Loads a classifier from a folder on disk, on ONNX Runtime's native build.
 *
 * @param source a path, a `file:` URL, or any reader of a model's files
 * @throws KicError `predictor/no-onnxruntime`, `predictor/unreadable-file`, and as `loadModel`
 */
export const loadPredictor = async (
  source: string | URL | ModelFiles,
  options: LoadPredictorOptions = {},
): Promise<Predictor> => {
  const runtime = options.runtime ?? (await nodeRuntime())
  const files = typeof source === 'string' || source instanceof URL ? filesIn(source) : source
  return load(files, { ...options, runtime })
}
