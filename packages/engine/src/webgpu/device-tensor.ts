import type { OrtTensor } from '../compiled/onnx-runtime.ts'

/** A tensor in the device's memory. Its owner frees it. */
export interface DeviceTensor {
  readonly dtype: 'float32' | 'int32'
  readonly shape: readonly number[]
  readonly ort: OrtTensor
  dispose(): void
}
