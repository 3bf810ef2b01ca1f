import { stat } from 'node:fs/promises'
import { isAbsolute, relative, sep } from 'node:path'
import { followLinks } from './follow-links.ts'

/** Why a folder cannot be replaced as a whole; `undefined` if it does not exist, or the process does not work in it. */
export const replacementFault = async (path: string): Promise<string | undefined> => {
  if (path === '') return 'the path is empty'
  const folder = await followLinks(path)
  // The folder is exchanged for another one, which takes a process that works in it along.
  if (isInside(process.cwd(), folder)) return 'it contains the working folder'
  const found = await stat(folder).catch(() => undefined)
  return found === undefined || found.isDirectory() ? undefined : 'it is a file, not a folder'
}

const isInside = (inner: string, outer: string): boolean => {
  const way = relative(outer, inner)
  // Between drives of Windows there is no relative path.
  return !isAbsolute(way) && way !== '..' && !way.startsWith(`..${sep}`)
}
