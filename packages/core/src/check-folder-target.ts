import { stat } from 'node:fs/promises'
import { isAbsolute, relative, resolve, sep } from 'node:path'
import type { CoreErrorCode } from './error-code.ts'
import { KicError } from './kic-error.ts'

/**
 * Checks that a folder can be replaced as a whole: it does not exist, or is a folder that the process does not work in.
 *
 * @throws KicError `core/write-failed` for an empty path, for a file, and for the working folder or one above it
 */
export const checkFolderTarget = async (path: string): Promise<void> => {
  const fault = await faultOf(path)
  if (fault === undefined) return
  throw new KicError<CoreErrorCode>(
    'core/write-failed',
    `checkFolderTarget: the path must be of a folder that can be replaced, received ${fault}. Choose another folder.`,
  )
}

const faultOf = async (path: string): Promise<string | undefined> => {
  if (path === '') return 'an empty path'
  const folder = resolve(path)
  // The folder is exchanged for another one, which takes a process that works in it along.
  if (isInside(process.cwd(), folder)) return `'${path}', which contains the working folder`
  const found = await stat(folder).catch(() => undefined)
  return found === undefined || found.isDirectory() ? undefined : `the file '${path}'`
}

const isInside = (inner: string, outer: string): boolean => {
  const way = relative(outer, inner)
  // Between drives of Windows there is no relative path.
  return !isAbsolute(way) && way !== '..' && !way.startsWith(`..${sep}`)
}
