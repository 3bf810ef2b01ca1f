import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { KicError } from '@kic/core'
import type { PredictorErrorCode } from '../error-code.ts'
import type { ModelFiles } from './model-files.ts'

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')

/** The path of a folder or file that is given as one, or as a `file:` URL. */
export const pathOf = (given: string | URL): string =>
  typeof given === 'string' && !given.startsWith('file:') ? given : fileURLToPath(given)

/**
 * A model's folder on disk.
 *
 * @throws KicError `predictor/unreadable-file` if a file exists but cannot be read
 */
export const filesIn = (folder: string | URL): ModelFiles => {
  const path = pathOf(folder)
  return {
    name: path,
    read: async (file) => {
      try {
        return await readFile(join(path, file))
      } catch (cause) {
        if (isMissing(cause)) return undefined
        throw new KicError<PredictorErrorCode>(
          'predictor/unreadable-file',
          `loadPredictor: the file must be readable, received ${join(path, file)}: ${cause instanceof Error ? cause.message : String(cause)}. Check its permissions.`,
          { cause },
        )
      }
    },
  }
}
