import type { FolderOptions } from './folder-options.ts'
import type { Precision } from './weights.ts'

export interface OpenModelOptions extends FolderOptions {
  /** Default: the first of int8, float32 and float16 in the folder. n-gram models have no choice. */
  readonly precision?: Precision | undefined
  /** Session options of ONNX Runtime, such as `{ intraOpNumThreads: 1 }`. */
  readonly session?: Readonly<Record<string, unknown>> | undefined
}
