import { KicError } from '@kic/core'
import type { PredictorErrorCode } from '../error-code.ts'

/** The part of ONNX Runtime's JavaScript interface used here; `onnxruntime-node` and `-web` both have it. */
export interface OnnxRuntime {
  readonly Tensor: new (type: 'int64', data: BigInt64Array, dims: readonly number[]) => OrtTensor
  readonly InferenceSession: {
    create(model: Uint8Array, options?: Readonly<Record<string, unknown>>): Promise<OrtSession>
  }
}

export interface OrtTensor {
  readonly data: unknown
  readonly dims: readonly number[]
}

export interface OrtSession {
  readonly inputNames: readonly string[]
  readonly outputNames: readonly string[]
  /** Number of runs to keep under way at once; default 1. */
  readonly runsAtOnce?: number | undefined
  /** Number of these that it computes at the same time; default all. */
  readonly runsInParallel?: number | undefined
  run(feeds: Readonly<Record<string, OrtTensor>>): Promise<Readonly<Record<string, OrtTensor>>>
  release(): Promise<void>
}

/** Whether an imported module is ONNX Runtime. As CommonJS, it may be under `default`. */
const isRuntime = (module: unknown): module is OnnxRuntime =>
  typeof module === 'object' && module !== null && 'InferenceSession' in module && 'Tensor' in module

/**
 * Imports ONNX Runtime from one of its packages.
 *
 * @param name the package, for the error
 * @throws KicError `predictor/no-onnxruntime` with the install command
 */
export const importRuntime = async (name: string, load: () => Promise<unknown>): Promise<OnnxRuntime> => {
  let cause: unknown
  try {
    const module = await load()
    if (isRuntime(module)) return module
    cause = new Error('the package has no InferenceSession')
  } catch (error) {
    cause = error
  }
  throw missingRuntime(name, cause)
}

/** The error for a package of ONNX Runtime that does not load. */
export const missingRuntime = (name: string, cause: unknown): KicError =>
  new KicError<PredictorErrorCode>(
    'predictor/no-onnxruntime',
    `loadPredictor: the npm package ${name} must load, received an error: ` +
      `${cause instanceof Error ? cause.message.split('\n')[0] : String(cause)}. Install it with \`npm install ${name}\`` +
      (name === 'onnxruntime-node'
        ? ' (behind a closed network: ONNXRUNTIME_NODE_INSTALL=skip npm install onnxruntime-node; the skipped download only ' +
          "adds CUDA), or pass another runtime: { runtime: await import('onnxruntime-web') }"
        : ''),
    { cause },
  )
