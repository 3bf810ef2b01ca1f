import type { Predictor } from './answers/predictor.ts'
import { loadEnsemble } from './ensemble/load-ensemble.ts'
import { readEnsemble } from './ensemble/read-ensemble.ts'
import { CONFIG_FILE } from './model/model-config.ts'
import type { ModelFiles } from './model/model-files.ts'
import { type OpenModelOptions, openModel } from './model/open-model.ts'
import { readOnce, type Source } from './model/source.ts'
import { type ModelPredictor, modelPredictor } from './run/model-predictor.ts'
import type { OnnxRuntime } from './run/onnx-runtime.ts'

export interface LoadPredictorOptions extends OpenModelOptions {
  /** ONNX Runtime; default: the npm package `onnxruntime-web`, or on `@kic/predictor/node` `onnxruntime-node`. */
  readonly runtime?: OnnxRuntime | undefined
  /** Texts that run together; default 64. */
  readonly batchSize?: number | undefined
}

/** @throws KicError as `readEnsemble`, `loadEnsemble` and `openModel` */
export const predictorFrom = async (
  { files, ensemble: file }: Source,
  runtime: OnnxRuntime,
  options: LoadPredictorOptions,
): Promise<Predictor> => {
  const source = { files: readOnce(files, CONFIG_FILE), ensemble: file }
  const ensemble = await readEnsemble(source)
  return ensemble === undefined
    ? modelFrom(source.files, runtime, options)
    : loadEnsemble(source, ensemble, runtime, options)
}

/** @throws KicError as `openModel` */
export const modelFrom = async (
  files: ModelFiles,
  runtime: OnnxRuntime,
  { precision, session, batchSize }: LoadPredictorOptions,
): Promise<ModelPredictor> =>
  modelPredictor(await openModel(files, runtime, { precision, session }), batchSize)
