import { KicError } from '@kic/core'
import type { BudgetName } from '@kic/ensemble'
import type { Answering } from './answers/answering.ts'
import { createPredictor } from './answers/create-predictor.ts'
import type { Predictor } from './answers/predictor.ts'
import { loadEnsemble } from './ensemble/load-ensemble.ts'
import { readEnsemble } from './ensemble/read-ensemble.ts'
import type { PredictorErrorCode } from './error-code.ts'
import { withFolderExamples } from './explain/folder-examples.ts'
import { CONFIG_FILE } from './model/model-config.ts'
import { openModel } from './model/open-model.ts'
import type { OpenModelOptions } from './model/open-options.ts'
import { readOnce, type Source } from './model/source.ts'
import { modelAnswering } from './run/model-answering.ts'
import type { OnnxRuntime } from './run/onnx-runtime.ts'

export interface LoadPredictorOptions extends OpenModelOptions {
  /** ONNX Runtime; default: the npm package `onnxruntime-web`, or `onnxruntime-node` in `@kic/predictor/node`. */
  readonly runtime?: OnnxRuntime | undefined
  /** Texts per batch; default 64. */
  readonly batchSize?: number | undefined
  /** Opens only the members of an ensemble's budget; default: all members. */
  readonly budget?: BudgetName | undefined
}

/** @throws KicError as `readEnsemble`, `loadEnsemble` and `openModel` */
export const predictorFrom = async (
  source: Source,
  runtime: () => Promise<OnnxRuntime>,
  options: LoadPredictorOptions,
): Promise<Predictor> =>
  createPredictor(withFolderExamples(await answeringFrom(source, runtime, options), source.files))

const answeringFrom = async (
  source: Source,
  runtime: () => Promise<OnnxRuntime>,
  { precision, session, known, batchSize, budget }: LoadPredictorOptions,
): Promise<Answering> => {
  const files = readOnce(source.files, CONFIG_FILE)
  const ensemble = await readEnsemble({ ...source, files })
  if (ensemble !== undefined)
    return loadEnsemble(source, ensemble, runtime, { precision, session, known, batchSize, budget })
  if (budget === undefined)
    return modelAnswering(await openModel(files, runtime, { precision, session, known }), batchSize)
  throw new KicError<PredictorErrorCode>(
    'predictor/budget',
    `loadPredictor: only an ensemble has budgets, received the model ${files.name} and the budget ${budget}. ` +
      'Leave the budget out.',
  )
}
