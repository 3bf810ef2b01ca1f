import { type LoadPredictorOptions, loadPredictor as load } from './load-predictor.ts'
import type { ModelFiles } from './model/model-files.ts'
import { filesIn } from './model/node-files.ts'
import type { Predictor } from './predictor.ts'
import { importRuntime, type OnnxRuntime } from './run/onnx-runtime.ts'

/**
 * ONNX Runtime's native build: what `loadPredictor` runs on. Long work that ends with a model to load asks for it first.
 *
 * @throws KicError `predictor/no-onnxruntime` with what to install.
 */
export const nodeRuntime = (): Promise<OnnxRuntime> =>
  importRuntime('onnxruntime-node', () => import('onnxruntime-node'))

/**
 * Loads a classifier from a folder on the disk, on ONNX Runtime's native build.
 *
 * @param source a path, a `file:` URL, or anything that can read a model's files
 * @throws KicError `predictor/no-onnxruntime`, `predictor/unreadable-file`, and as `loadModel`.
 */
export const loadPredictor = async (
  source: string | URL | ModelFiles,
  options: LoadPredictorOptions = {},
): Promise<Predictor> => {
  const runtime = options.runtime ?? (await nodeRuntime())
  const files = typeof source === 'string' || source instanceof URL ? filesIn(source) : source
  return load(files, { ...options, runtime })
}
