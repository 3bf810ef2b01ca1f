import { readlink } from 'node:fs/promises'
import { dirname, isAbsolute, join, parse, sep } from 'node:path'
import { isDescriptor } from './is-descriptor.ts'

/** As many as Linux follows. */
const MOST_LINKS = 40

const BETWEEN = sep === '\\' ? /[\\/]/ : '/'

/**
 * The path behind all symbolic links, even if nothing is there yet. As in the system, `..` is the parent of a link's
 * target. Links to open descriptors are not followed: their targets are where a stream goes, not its name.
 *
 * @throws Error if links lead in a circle
 */
export const followLinks = async (path: string): Promise<string> => {
  const absolute = isAbsolute(path) ? path : `${process.cwd()}${sep}${path}`
  const { root } = parse(absolute)
  const ahead = absolute.slice(root.length).split(BETWEEN)
  let at = root
  let links = 0
  for (let name = ahead.shift(); name !== undefined; name = ahead.shift()) {
    if (name === '' || name === '.') continue
    const next = name === '..' ? dirname(at) : join(at, name)
    // Whatever is not a link is an error here.
    const target =
      name === '..' || isDescriptor(next) ? undefined : await readlink(next).catch(() => undefined)
    if (target === undefined) {
      at = next
      continue
    }
    links += 1
    if (links > MOST_LINKS) throw new Error('its symbolic links lead in a circle')
    const start = parse(target).root
    if (isAbsolute(target)) at = start
    ahead.unshift(...target.slice(start.length).split(BETWEEN))
  }
  return at
}
