import type { StoredTensor } from '@kic/safetensors'

/** An open file, or several that belong together, of named tensors. Names, types and shapes were read, values were not. */
export interface TensorFile {
  readonly tensors: ReadonlyMap<string, StoredTensor>
  /**
   * The values of the named tensors, piece by piece, so that no more than one storage is held besides what the caller
   * keeps. Names that the file does not have are passed over.
   */
  read(names: ReadonlySet<string>): AsyncGenerator<TensorBytes>
  close(): Promise<void>
}

/** Values of one tensor, or of several that are tied: one and the same view of one storage. */
export interface TensorBytes {
  readonly tensors: readonly StoredTensor[]
  /** Row by row, little-endian, in memory of their own. */
  readonly bytes: Uint8Array
}
