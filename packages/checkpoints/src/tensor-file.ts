import type { StoredTensor } from '@kic/safetensors'

/**
 * An open file of named tensors, or several that belong together. Names, types and shapes have been read, values have
 * not.
 */
export interface TensorFile {
  readonly tensors: ReadonlyMap<string, StoredTensor>
  /**
   * The values of the named tensors, piece by piece, so at most one storage is in memory besides the caller's values.
   * Names that the file lacks are skipped.
   */
  read(names: ReadonlySet<string>): AsyncGenerator<TensorBytes>
  close(): Promise<void>
}

/** Values of one tensor, or of several tied ones, which are the same view of one storage. */
export interface TensorBytes {
  readonly tensors: readonly StoredTensor[]
  /** Row by row, little-endian, in separate memory. */
  readonly bytes: Uint8Array
}
