import type { FileHandle } from 'node:fs/promises'
import { isKicError, KicError } from '@kic/core'
import { readBytes } from '@kic/safetensors/node'
import type { ZipFile } from 'yauzl'
import type { CheckpointsErrorCode } from '../error-code.ts'
import { readPickle } from '../pickle/read-pickle.ts'
import { verifyCrc32 } from './crc32.ts'
import { openZip } from './open-zip.ts'
import { MAX_PICKLE_BYTES, type StorageRecord, type TorchRecords } from './torch-records.ts'

/**
 * The format of torch.save since PyTorch 1.6: a zip archive with `<root>/data.pkl` and one uncompressed record
 * `<root>/data/<key>` per storage. Source: caffe2/serialize/inline_container.h of PyTorch.
 *
 * Nothing is unpacked: compressed, encrypted and overlapping records are refused, so the records together are no longer
 * than the file.
 *
 * @throws KicError `checkpoints/torch-zip`, `checkpoints/pickle-…`, `checkpoints/checksum`
 */
export const zipRecords = async (file: FileHandle, size: number): Promise<TorchRecords> => {
  const records = await listRecords(file, size)
  const [pickle, ...others] = [...records].filter(([name]) => /^[^/]+\/data\.pkl$/.test(name))
  if (pickle === undefined || others.length > 0) {
    throw refused(`the archive has ${others.length + (pickle ? 1 : 0)} records <root>/data.pkl, not one`)
  }
  const [name, record] = pickle
  const root = name.slice(0, -'data.pkl'.length)
  await checkByteOrder(file, records.get(`${root}byteorder`))
  if (record.byteLength > MAX_PICKLE_BYTES) {
    throw refused(`${name} has ${record.byteLength} bytes, at most ${MAX_PICKLE_BYTES} are read`)
  }
  const bytes = await readBytes(file, record.position, record.byteLength)
  verifyCrc32(name, bytes, record.crc32)
  const data = `${root}data/`
  const storages = [...records].filter(([entry]) => entry.startsWith(data))
  return {
    value: readPickle(bytes).value,
    storages: new Map(storages.map(([entry, place]) => [entry.slice(data.length), place])),
  }
}

const listRecords = async (file: FileHandle, size: number): Promise<Map<string, StorageRecord>> => {
  const records = new Map<string, StorageRecord>()
  let zip: ZipFile | undefined
  try {
    zip = await openZip(file, size)
    for await (const entry of zip.eachEntry()) {
      const { fileName, compressionMethod, compressedSize, uncompressedSize, crc32 } = entry
      const quoted = JSON.stringify(fileName.slice(0, 200))
      if (entry.isEncrypted() || compressionMethod !== 0 || compressedSize !== uncompressedSize) {
        throw refused(`record ${quoted} is compressed or encrypted, which torch.save never does`)
      }
      if (records.has(fileName)) throw refused(`record ${quoted} is there twice`)
      const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true })
      records.set(fileName, { position: fileDataStart, byteLength: uncompressedSize, crc32 })
    }
  } catch (cause) {
    if (isKicError(cause)) throw cause
    throw refused(cause instanceof Error ? cause.message : String(cause), cause)
  }
  checkPlaces(records, size)
  return records
}

const checkPlaces = (records: ReadonlyMap<string, StorageRecord>, size: number): void => {
  let free = 0
  const ordered = [...records].sort(([, a], [, b]) => a.position - b.position || a.byteLength - b.byteLength)
  for (const [name, { position, byteLength }] of ordered) {
    if (position < free || position + byteLength > size) {
      throw refused(
        `record ${JSON.stringify(name.slice(0, 200))}, bytes ${position} to ${position + byteLength}, overlaps another or exceeds the file's ${size} bytes`,
      )
    }
    free = position + byteLength
  }
}

const checkByteOrder = async (file: FileHandle, record: StorageRecord | undefined): Promise<void> => {
  if (record === undefined) return
  const order = new TextDecoder().decode(
    await readBytes(file, record.position, Math.min(16, record.byteLength)),
  )
  if (order !== 'little') throw refused(`the values are ${JSON.stringify(order)}-endian; only little is read`)
}

const refused = (what: string, cause?: unknown): KicError =>
  new KicError<CheckpointsErrorCode>(
    'checkpoints/torch-zip',
    `openTorch: ${what}. The file is damaged or no checkpoint of torch.save.`,
    {
      cause,
    },
  )
