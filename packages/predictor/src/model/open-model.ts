import { isKicError, KicError } from '@kic/core'
import type { PredictorErrorCode } from '../error-code.ts'
import type { OnnxRuntime, OrtSession } from '../run/onnx-runtime.ts'
import type { ModelFiles } from './model-files.ts'
import { type FolderOptions, type ModelFolder, readModelFolder } from './model-folder.ts'
import { isSmall, type Precision, readWeights, type Weights } from './weights.ts'

/** Everything that a predictor needs from a model's folder. */
export interface OpenedModel extends ModelFolder {
  readonly precision: Precision
  readonly session: OrtSession
  readonly runtime: OnnxRuntime
}

export interface OpenModelOptions extends FolderOptions {
  /** Default: the first of int8, float32 and float16 in the folder. */
  readonly precision?: Precision | undefined
  /** Session options of ONNX Runtime, such as `{ intraOpNumThreads: 1 }`. */
  readonly session?: Readonly<Record<string, unknown>> | undefined
}

/**
 * A model's folder, ready to run.
 *
 * @throws KicError `predictor/no-weights`, `predictor/bad-weights`, and as `readModelFolder`
 */
export const openModel = async (
  files: ModelFiles,
  runtime: OnnxRuntime,
  { precision, session, known }: OpenModelOptions,
): Promise<OpenedModel> => {
  // Both load at the same time. Faults of the folder itself are reported first.
  const reading = Promise.allSettled([readWeights(files, precision)])
  const folder = await readModelFolder(files, { known })
  const [read] = await reading
  if (read.status === 'rejected') throw read.reason
  const weights = read.value
  return {
    ...folder,
    precision: weights.precision,
    session: await openSession(files, runtime, weights, session),
    runtime,
  }
}

const openSession = async (
  files: ModelFiles,
  runtime: OnnxRuntime,
  { bytes, path }: Weights,
  options: OpenModelOptions['session'],
): Promise<OrtSession> => {
  try {
    return await runtime.InferenceSession.create(bytes, {
      logSeverityLevel: 3,
      ...(isSmall(bytes) ? { intraOpNumThreads: 1 } : {}),
      ...options,
    })
  } catch (cause) {
    if (isKicError(cause)) throw cause
    throw new KicError<PredictorErrorCode>(
      'predictor/bad-weights',
      `loadPredictor: ONNX Runtime must be able to run ${path} in ${files.name}, received an error: ` +
        `${cause instanceof Error ? cause.message : String(cause)}. Export the model again.`,
      { cause },
    )
  }
}
