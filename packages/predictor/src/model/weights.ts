import { KicError } from '@kic/core'
import type { PredictorErrorCode } from '../error-code.ts'
import { type ModelFiles, missingBecause } from './model-files.ts'

/** Storage format of the weights. */
export type Precision = 'int8' | 'float32' | 'float16'

/** Their paths as in transformers.js, in order of preference: fastest first. */
export const WEIGHT_PATHS: Readonly<Record<Precision, string>> = {
  int8: 'onnx/model_quantized.onnx',
  float32: 'onnx/model.onnx',
  float16: 'onnx/model_fp16.onnx',
}

/** An ONNX file of a model. */
export interface Weights {
  readonly precision: Precision
  readonly path: string
  readonly bytes: Uint8Array
}

/**
 * Below this size, threads wait for each other longer than they compute: model-mini takes half the processor time on
 * one thread, and on a busy machine less than half the time.
 */
const SMALL_BYTES = 8 * 2 ** 20

/** Whether weights run fastest on a single thread. */
export const isSmall = (weights: Uint8Array): boolean => weights.length < SMALL_BYTES

/**
 * The weights of a folder.
 *
 * @param wanted default: the first of int8, float32 and float16 in the folder
 * @throws KicError `predictor/no-weights`
 */
export const readWeights = async (files: ModelFiles, wanted: Precision | undefined): Promise<Weights> => {
  const candidates = candidatesOf(wanted)
  for (const precision of candidates) {
    const path = WEIGHT_PATHS[precision]
    const bytes = await files.read(path)
    if (bytes !== undefined) return { precision, path, bytes }
  }
  throw noWeights('loadPredictor', files, candidates)
}

/** The precisions to look for, in order. */
export const candidatesOf = (wanted: Precision | undefined): readonly Precision[] =>
  wanted === undefined ? ['int8', 'float32', 'float16'] : [wanted]

/** The error for a folder without ONNX files. */
export const noWeights = (caller: string, files: ModelFiles, candidates: readonly Precision[]): KicError => {
  const paths = candidates.map((name) => WEIGHT_PATHS[name])
  return new KicError<PredictorErrorCode>(
    'predictor/no-weights',
    `${caller}: the folder must have one of ${paths.join(', ')}, received ${files.name} without them${missingBecause(files, paths)}. ` +
      'Write them with `kic export`, or `saveOnnx` of @kic/roberta/node.',
  )
}
