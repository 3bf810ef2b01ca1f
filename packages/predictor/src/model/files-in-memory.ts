import { contentBytes, type FolderFiles } from '@kic/core'
import type { ModelFiles } from './model-files.ts'

/**
 * A model's folder in memory.
 *
 * @param name the folder's name in errors
 */
export const filesInMemory = (name: string, files: FolderFiles): ModelFiles => ({
  name,
  read: async (path) => {
    const content = files.get(path)
    return content === undefined ? undefined : contentBytes(content)
  },
})
