import { type FileHandle, open } from 'node:fs/promises'
import { KicError } from '@kic/core'
import { storedDType } from '@kic/safetensors'
import { openSafetensors, readBytes } from '@kic/safetensors/node'
import type { CheckpointsErrorCode } from './error-code.ts'
import { namedAfter } from './named-after.ts'
import type { TensorBytes, TensorFile } from './tensor-file.ts'
import { openTorch } from './torch/open-torch.ts'

/**
 * Opens one file of tensors: safetensors if its name ends with `.safetensors`, otherwise a state dict of `torch.save`.
 *
 * @throws KicError `checkpoints/file`, `checkpoints/lfs-pointer`, and what is wrong with the content: `safetensors/…`,
 * `checkpoints/torch-…`, `checkpoints/pickle-…`, `checkpoints/checksum`; each names the path
 */
export const openTensorFile = async (path: string): Promise<TensorFile> => {
  await refusePointer(path)
  return path.endsWith('.safetensors') ? openSafetensorsFile(path) : openTorch(path)
}

/** Number of tensors read concurrently, so reading does not wait for the caller. */
const READ_AHEAD = 4

const openSafetensorsFile = async (path: string): Promise<TensorFile> => {
  const file = await openSafetensors(path)
  return {
    tensors: new Map(file.entries.map((entry) => [entry.name, entry])),
    async *read(names: ReadonlySet<string>): AsyncGenerator<TensorBytes> {
      const wanted = file.entries.filter(({ name }) => names.has(name))
      try {
        for (const entry of wanted) storedDType(entry)
      } catch (cause) {
        throw namedAfter(path, cause)
      }
      const ahead: Promise<Uint8Array>[] = []
      for (const [i, entry] of wanted.entries()) {
        for (const next of wanted.slice(i + ahead.length, i + READ_AHEAD)) {
          const reading = file.read(next)
          // Awaited below, unless the caller stops earlier.
          reading.catch(() => undefined)
          ahead.push(reading)
        }
        const bytes = await ahead.shift()?.catch((cause: unknown) => {
          throw namedAfter(path, cause)
        })
        if (bytes) yield { tensors: [entry], bytes }
      }
    },
    close: file.close,
  }
}

const LFS_POINTER = 'version https://git-lfs'

/** A repository cloned without Git LFS has text files instead of its large files. */
const refusePointer = async (path: string): Promise<void> => {
  let file: FileHandle | undefined
  try {
    file = await open(path, 'r')
    const { size } = await file.stat()
    const start = await readBytes(file, 0, Math.min(size, LFS_POINTER.length))
    if (new TextDecoder().decode(start) === LFS_POINTER) {
      throw new KicError<CheckpointsErrorCode>(
        'checkpoints/lfs-pointer',
        'this is not the file itself but a pointer of Git LFS to it. Run "git lfs pull" in its folder, or load the model by its Hub id.',
      )
    }
  } catch (cause) {
    throw namedAfter(path, cause)
  } finally {
    await file?.close()
  }
}
