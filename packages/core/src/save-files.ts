import { join } from 'node:path'
import type { FolderFiles } from './folder-files.ts'
import { writeFileAtomic } from './write-file-atomic.ts'

/**
 * Writes files into a folder, each in one step. Other files of the folder stay.
 *
 * @throws KicError `core/write-failed`
 */
export const saveFiles = async (folder: string, files: FolderFiles): Promise<void> => {
  for (const [path, content] of files) await writeFileAtomic(join(folder, path), content)
}
