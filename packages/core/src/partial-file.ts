import { mkdir, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fileTarget } from './file-target.ts'

/** The name of an output file until it is complete. */
export const partialOf = (target: string): string => `${target}.partial`

/**
 * Makes way for a file that is written bit by bit and renamed once it is complete. Missing folders are created, and what
 * an earlier run left under the name `….partial` is removed: it may be a link, and opening that would write elsewhere.
 *
 * @returns the file to create, and what to rename it to: the path behind symbolic links
 * @throws Error if a folder, device, pipe or socket is in the way
 */
export const partialFile = async (
  path: string,
): Promise<{ readonly partial: string; readonly target: string }> => {
  const target = await fileTarget(path)
  const partial = partialOf(target)
  await mkdir(dirname(target), { recursive: true })
  await rm(partial, { force: true })
  return { partial, target }
}
