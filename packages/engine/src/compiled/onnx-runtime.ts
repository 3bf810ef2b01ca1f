import { KicError, withoutTelemetry } from '@kic/core'
import type { EngineErrorCode } from '../error-code.ts'

/** The part of ONNX Runtime's JavaScript API used here; both `onnxruntime-node` and `onnxruntime-web` have it. */
export interface OnnxRuntime {
  readonly Tensor: new (
    type: 'float32' | 'int32' | 'bool',
    data: Float32Array | Int32Array | Uint8Array,
    dims: readonly number[],
  ) => OrtTensor
  readonly env?: { readonly versions?: { readonly web?: string | undefined } | undefined } | undefined
  readonly InferenceSession: {
    create(model: Uint8Array, options: Readonly<Record<string, unknown>>): Promise<OrtSession>
  }
}

export interface OrtTensor {
  readonly data: unknown
  readonly dims: readonly number[]
  /** Frees a tensor that is on a device. */
  dispose(): void
}

export interface OrtSession {
  run(
    feeds: Readonly<Record<string, OrtTensor>>,
    fetches: Readonly<Record<string, OrtTensor | null>>,
  ): Promise<Readonly<Record<string, OrtTensor>>>
  release(): Promise<void>
  endProfiling(): void
}

/** Whether outputs are written into given arrays; onnxruntime-web silently ignores them. */
export const fillsOutputs = ({ env }: OnnxRuntime): boolean => env?.versions?.web === undefined

/** Whether an imported module has the part of ONNX Runtime used here. */
const isRuntime = (module: unknown): module is OnnxRuntime =>
  typeof module === 'object' && module !== null && 'InferenceSession' in module && 'Tensor' in module

/**
 * Loads ONNX Runtime: its native build, or in browsers `onnxruntime-web`, which the `browser` field of this package's
 * package.json substitutes.
 *
 * @throws KicError `engine/no-onnxruntime` with the install command, if it is missing or does not load on this platform
 */
export const loadOnnxRuntime = async (): Promise<OnnxRuntime> => {
  withoutTelemetry()
  let cause: unknown
  try {
    const module: unknown = await import('onnxruntime-node')
    if (isRuntime(module)) return module
    cause = new Error('the package has no InferenceSession')
  } catch (error) {
    cause = error
  }
  throw new KicError<EngineErrorCode>(
    'engine/no-onnxruntime',
    'selectEngine: the compiled engine must have the npm package onnxruntime-node (in browsers onnxruntime-web), received ' +
      `an error on loading it: ${cause instanceof Error ? cause.message.split('\n')[0] : String(cause)}. Install it with ` +
      '`npm install onnxruntime-node` (behind a closed network: ONNXRUNTIME_NODE_INSTALL=skip npm install ' +
      'onnxruntime-node; the skipped download only adds CUDA), or use an eager engine.',
    { cause },
  )
}
