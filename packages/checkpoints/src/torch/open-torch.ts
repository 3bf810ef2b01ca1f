import { type FileHandle, open } from 'node:fs/promises'
import { KicError } from '@kic/core'
import { isStoredDType, storedDType } from '@kic/safetensors'
import { readBytes } from '@kic/safetensors/node'
import type { CheckpointsErrorCode } from '../error-code.ts'
import { namedAfter } from '../named-after.ts'
import { describe, ofKind, type PickleValue } from '../pickle/pickle-value.ts'
import type { TensorBytes, TensorFile } from '../tensor-file.ts'
import { verifyCrc32 } from './crc32.ts'
import { legacyRecords } from './legacy-records.ts'
import { gatherView, type TensorView, tensorView, viewIdentity } from './tensor-view.ts'
import type { StorageRecord, TorchRecords } from './torch-records.ts'
import { zipRecords } from './zip-records.ts'

/**
 * Opens a state dict of `torch.save`, in either of its formats, without running any of its pickle.
 *
 * Tied tensors, which are the same view of one storage, are read once. Other views of a shared storage are copied
 * separately. Memory stays below a multiple of the file's size: no view may have more elements than the file has bytes.
 *
 * @throws KicError `checkpoints/file`, `checkpoints/pickle-…`, `checkpoints/torch-…`, `checkpoints/checksum`; each
 *   gives the path, and `checkpoints/pickle-global` also the requested Python object
 */
export const openTorch = async (path: string): Promise<TensorFile> => {
  let file: FileHandle | undefined
  try {
    const handle = await open(path, 'r')
    file = handle
    const { size } = await handle.stat()
    const records = await readRecords(handle, size)
    const views = viewsOf(records, size)
    return {
      tensors: new Map(views.map((view) => [view.name, view])),
      read: (names) => readViews(path, handle, views, records.storages, names),
      close: () => handle.close(),
    }
  } catch (cause) {
    await file?.close()
    throw namedAfter(path, cause)
  }
}

const readRecords = async (file: FileHandle, size: number): Promise<TorchRecords> => {
  const start = await readBytes(file, 0, Math.min(size, 2))
  const isZip = start[0] === 0x50 && start[1] === 0x4b // 'PK'
  return isZip ? zipRecords(file, size) : legacyRecords(file, size)
}

const viewsOf = ({ value, storages }: TorchRecords, fileSize: number): TensorView[] => {
  const views = [...stateDict(value)].map(([name, item]) => {
    const tensor = ofKind(item, 'tensor')
    if (tensor === undefined) {
      throw refused(
        `${JSON.stringify(name.slice(0, 200))} is ${describe(item)}, no tensor. Save the state dict alone: torch.save(model.state_dict(), path)`,
      )
    }
    return tensorView(name, tensor)
  })
  const distinct = new Map<string, number>()
  for (const view of views) {
    const { key, dtype, storageBytes: bytes, elements } = view
    if (!isStoredDType(dtype)) continue
    const record = storages.get(key)
    if (record?.byteLength !== bytes) {
      throw refused(
        `${JSON.stringify(view.name)} needs storage ${JSON.stringify(key)} of ${bytes} bytes, there are ${record?.byteLength ?? 'none'}`,
      )
    }
    distinct.set(viewIdentity(view), elements)
  }
  const elements = [...distinct.values()].reduce((sum, count) => sum + count, 0)
  if (elements > fileSize) {
    throw refused(
      `its tensors have ${elements} elements together, more than the file's ${fileSize} bytes can hold`,
    )
  }
  return views
}

const stateDict = (value: PickleValue): Map<string, PickleValue> => {
  const dict = ofKind(value, 'dict')
  if (dict === undefined) throw refused(`it holds ${describe(value)}, not a state dict`)
  return new Map(
    dict.entries.map(([key, item]) => {
      if (typeof key !== 'string' || key === '__proto__') throw refused(`a tensor is called ${describe(key)}`)
      return [key, item]
    }),
  )
}

/** Storage by storage in the order of the file, each once. */
async function* readViews(
  path: string,
  file: FileHandle,
  views: readonly TensorView[],
  storages: ReadonlyMap<string, StorageRecord>,
  names: ReadonlySet<string>,
): AsyncGenerator<TensorBytes> {
  const asked = views.filter(({ name }) => names.has(name))
  try {
    for (const view of asked) storedDType(view)
  } catch (cause) {
    throw namedAfter(path, cause)
  }
  const wanted = grouped(asked, ({ key }) => key)
  for (const [key, { position, byteLength, crc32 }] of storages) {
    const group = wanted.get(key)
    if (group === undefined) continue
    let storage: Uint8Array
    try {
      storage = await readBytes(file, position, byteLength)
      verifyCrc32(`data/${key}`, storage, crc32)
    } catch (cause) {
      throw namedAfter(path, cause)
    }
    const tied = grouped(group, viewIdentity)
    for (const tensors of tied.values()) {
      const [view] = tensors
      if (view === undefined) continue
      const bytes = gatherView(view, storage)
      // Two different views must never share memory, even with the same extent.
      yield { tensors, bytes: tied.size > 1 && bytes.buffer === storage.buffer ? bytes.slice() : bytes }
    }
  }
}

const grouped = (
  views: readonly TensorView[],
  by: (view: TensorView) => string,
): ReadonlyMap<string, TensorView[]> => {
  const groups = new Map<string, TensorView[]>()
  for (const view of views) {
    const group = groups.get(by(view))
    if (group) group.push(view)
    else groups.set(by(view), [view])
  }
  return groups
}

const refused = (what: string): KicError =>
  new KicError<CheckpointsErrorCode>('checkpoints/torch-content', `openTorch: ${what}.`)
