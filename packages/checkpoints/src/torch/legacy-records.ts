import type { FileHandle } from 'node:fs/promises'
import { isKicError, KicError } from '@kic/core'
import { readBytes } from '@kic/safetensors/node'
import type { CheckpointsErrorCode } from '../error-code.ts'
import { describe, ofKind, type PickleStorage, type PickleValue } from '../pickle/pickle-value.ts'
import { readPickle } from '../pickle/read-pickle.ts'
import { MAX_PICKLE_BYTES, type StorageRecord, type TorchRecords } from './torch-records.ts'

const MAGIC_NUMBER = 0x1950a86a20f9469cfc6cn
const PROTOCOL_VERSION = 1001
const COUNT_BYTES = 8

/**
 * The format of torch.save before PyTorch 1.6: five pickles (magic number, version, the writer's platform, the value, the
 * storages' keys in order), then for each key the number of elements and the elements. Source: `_legacy_load` in
 * torch/serialization.py.
 *
 * @throws KicError `checkpoints/torch-legacy`, `checkpoints/pickle-…`
 */
export const legacyRecords = async (file: FileHandle, size: number): Promise<TorchRecords> => {
  const { value, keys, end } = await readPickles(file, size)
  const storages = new Map<string, StorageRecord>()
  const known = storagesOf(value)
  let position = end
  for (const key of keys) {
    const storage = known.get(key)
    if (storage === undefined) throw refused(`storage ${JSON.stringify(key)} belongs to no tensor`)
    const byteLength = storage.elements * storage.bytes
    if (position + COUNT_BYTES + byteLength > size) {
      throw refused(
        `storage ${JSON.stringify(key)} of ${storage.elements} elements goes beyond the file's ${size} bytes`,
      )
    }
    const count = new DataView((await readBytes(file, position, COUNT_BYTES)).buffer).getBigInt64(0, true)
    if (count !== BigInt(storage.elements)) {
      throw refused(
        `storage ${JSON.stringify(key)} has ${count} elements, its tensors say ${storage.elements}`,
      )
    }
    storages.set(key, { position: position + COUNT_BYTES, byteLength })
    position += COUNT_BYTES + byteLength
  }
  return { value, storages }
}

interface Pickles {
  readonly value: PickleValue
  readonly keys: readonly string[]
  /** The end of the last pickle. */
  readonly end: number
}

/** Reads as much of the start as the pickles need; their end is known only after reading them. */
const readPickles = async (file: FileHandle, size: number): Promise<Pickles> => {
  const most = Math.min(size, MAX_PICKLE_BYTES)
  for (let length = Math.min(most, 256 * 1024); ; length = Math.min(most, 4 * length)) {
    try {
      return parsePickles(await readBytes(file, 0, length))
    } catch (error) {
      const cutOff = isKicError(error) && error.code === 'checkpoints/pickle-damaged'
      if (!cutOff || length === most) throw error
    }
  }
}

const parsePickles = (bytes: Uint8Array): Pickles => {
  let end = 0
  const next = (): PickleValue => {
    const { value, length } = readPickle(bytes.subarray(end))
    end += length
    return value
  }
  const magic = next()
  if (magic !== MAGIC_NUMBER)
    throw refused(`the file begins with ${describe(magic)}, not with torch's magic number`)
  const version = next()
  if (version !== PROTOCOL_VERSION)
    throw refused(`the format's version is ${describe(version)}, not ${PROTOCOL_VERSION}`)
  const platform = ofKind(next(), 'dict')?.entries.find(([key]) => key === 'little_endian')
  if (platform?.[1] !== true) throw refused('the values are not little-endian; only that is read')
  const value = next()
  const keys = ofKind(next(), 'list')?.items ?? []
  const names = keys.filter((key) => typeof key === 'string')
  if (names.length !== keys.length || new Set(names).size !== names.length) {
    throw refused('the list of storage keys is not one of different texts')
  }
  return { value, keys: names, end }
}

const storagesOf = (value: PickleValue): ReadonlyMap<string, PickleStorage> => {
  const tensors = (ofKind(value, 'dict')?.entries ?? []).flatMap(([, item]) => ofKind(item, 'tensor') ?? [])
  return new Map(tensors.map(({ storage }) => [storage.key, storage]))
}

const refused = (what: string): KicError =>
  new KicError<CheckpointsErrorCode>(
    'checkpoints/torch-legacy',
    `openTorch: ${what}. The file is damaged or no checkpoint of torch.save.`,
  )
