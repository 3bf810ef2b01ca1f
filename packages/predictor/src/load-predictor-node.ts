import { type LoadPredictorOptions, loadPredictor as load } from './load-predictor.ts'
import type { ModelFiles } from './model-files.ts'
import { filesIn } from './node-files.ts'
import { importRuntime } from './onnx-runtime.ts'
import type { Predictor } from './predictor.ts'

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
  const runtime =
    options.runtime ?? (await importRuntime('onnxruntime-node', () => import('onnxruntime-node')))
  const files = typeof source === 'string' || source instanceof URL ? filesIn(source) : source
  return load(files, { ...options, runtime })
}
