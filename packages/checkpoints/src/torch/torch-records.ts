import type { PickleValue } from '../pickle/pickle-value.ts'

/** The position of a storage's values. */
export interface StorageRecord {
  readonly position: number
  readonly byteLength: number
  /** Checksum of the bytes, if the format has one. */
  readonly crc32?: number | undefined
}

/** The contents of a torch file, in either of its formats. */
export interface TorchRecords {
  /** The saved value: a state dict, if the file is a checkpoint. */
  readonly value: PickleValue
  /** By storage key. */
  readonly storages: ReadonlyMap<string, StorageRecord>
}

/** Size limit of a pickle: enough for 20,000 tensors, and a bound on the memory that a hostile file can use. */
export const MAX_PICKLE_BYTES = 4 * 1024 * 1024
