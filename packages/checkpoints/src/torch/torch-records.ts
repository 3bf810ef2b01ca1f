import type { PickleValue } from '../pickle/pickle-value.ts'

/** Where the values of a storage are. */
export interface StorageRecord {
  readonly position: number
  readonly byteLength: number
  /** Checksum of the bytes, where the format has one. */
  readonly crc32?: number
}

/** What a torch file consists of, in either of its formats. */
export interface TorchRecords {
  /** What was saved: a state dict, if the file is a checkpoint. */
  readonly value: PickleValue
  /** By storage key. */
  readonly storages: ReadonlyMap<string, StorageRecord>
}

/** Longest pickle that is read: room for 20,000 tensors, and a bound on what a hostile file can make us hold. */
export const MAX_PICKLE_BYTES = 4 * 1024 * 1024
