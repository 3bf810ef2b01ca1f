/** Element types of host tensors. */
export type DType = 'float32' | 'int32' | 'bool'

/** A tensor in host memory, row-major: what batches, checkpoints and safetensors files are made of. */
export interface HostTensor {
  readonly dtype: DType
  readonly shape: readonly number[]
  readonly data: Float32Array | Int32Array | Uint8Array
}

/** Host tensors by name. */
export type HostTensors = Readonly<Record<string, HostTensor>>
