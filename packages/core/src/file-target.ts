import { followLinks } from './follow-links.ts'
import { kindAt } from './kind-at.ts'

/**
 * The file that is replaced when an output is written: behind symbolic links, so that a rename does not replace a link.
 *
 * @throws Error if a folder, device, pipe or socket is there
 */
export const fileTarget = async (path: string): Promise<string> => {
  const target = await followLinks(path)
  const kind = await kindAt(target)
  if (kind === 'folder') throw new Error('it is a folder, not a file')
  if (kind === 'stream') throw new Error('it is a device, pipe or socket, not a file')
  return target
}
