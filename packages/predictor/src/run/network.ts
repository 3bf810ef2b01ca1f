import type { NetworkFolder } from '../model/network-folder.ts'
import type { OnnxRuntime, OrtSession } from './onnx-runtime.ts'

/** A network's folder with its session. */
export interface Network extends NetworkFolder {
  readonly session: OrtSession
  readonly runtime: OnnxRuntime
}
