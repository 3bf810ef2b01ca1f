import { stat } from 'node:fs/promises'
import { isDescriptor } from './is-descriptor.ts'

/**
 * What is at a path without links; `undefined` if nothing is. A stream is a device, pipe or socket, or an open descriptor,
 * behind which a file may be.
 */
export const kindAt = async (path: string): Promise<'file' | 'folder' | 'stream' | undefined> => {
  try {
    const found = await stat(path)
    if (found.isDirectory()) return 'folder'
    return found.isFile() && !isDescriptor(path) ? 'file' : 'stream'
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined
    throw cause
  }
}
