import { stat } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import type { ModelFiles } from './model-files.ts'
import { filesIn, pathOf } from './node-files.ts'
import type { Source } from './source.ts'

/**
 * A model's or an ensemble's folder, or an ensemble's file, on the disk: a file is the ensemble's, and so is a path that ends
 * in `.json` where there is nothing.
 */
export const sourceIn = async (source: string | URL | ModelFiles): Promise<Source> => {
  if (typeof source !== 'string' && !(source instanceof URL)) return { files: source }
  const path = pathOf(source)
  const found = await stat(path).catch(() => undefined)
  const isFile = found === undefined ? path.endsWith('.json') : found.isFile()
  return isFile ? { files: filesIn(dirname(path)), ensemble: basename(path) } : { files: filesIn(path) }
}
