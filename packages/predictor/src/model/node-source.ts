import { stat } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import type { ModelFiles } from './model-files.ts'
import { filesIn, pathOf } from './node-files.ts'
import type { Source } from './source.ts'

/**
 * The folder of a model or an ensemble, or the file of an ensemble, on disk. A missing path is a file if it ends in `.json`.
 */
export const sourceIn = async (source: string | URL | ModelFiles): Promise<Source> => {
  if (typeof source !== 'string' && !(source instanceof URL)) return { files: source }
  const path = pathOf(source)
  const found = await stat(path).catch(() => undefined)
  const isFile = found === undefined ? path.endsWith('.json') : found.isFile()
  return isFile ? { files: filesIn(dirname(path)), ensemble: basename(path) } : { files: filesIn(path) }
}
