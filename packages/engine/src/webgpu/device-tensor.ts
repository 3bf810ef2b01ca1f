import type { HostClock } from '../compiled/host-clock.ts'
import type { OrtTensor } from '../compiled/onnx-runtime.ts'
import type { Value } from '../record/graph.ts'

/** A tensor in the device's memory. Its owner frees it. */
export interface DeviceTensor {
  readonly dtype: 'float32' | 'int32'
  readonly shape: readonly number[]
  readonly ort: OrtTensor
  dispose(): void
}

/** Tensors on the device by name. */
export type DeviceTensors = Readonly<Record<string, DeviceTensor>>

/** Running totals, in bytes except for `programs`. */
export interface DeviceCounts {
  programs: number
  uploaded: number
  downloaded: number
}

/** What a program needs of its device. */
export interface TensorOwner {
  readonly clock: HostClock
  readonly counts: DeviceCounts
  /** Takes over a result of ONNX Runtime that stays on the device, and tells when it is freed. */
  own(ort: OrtTensor, value: Value, freed: () => void): DeviceTensor
}
