import { existsSync } from 'node:fs'
// Not by its name: webpack answers what it sees asked of `createRequire` with numbers of its own.
import * as nodeModule from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Where to look: this module's own address, and programs or folders from which the package may be installed. */
export interface Starts {
  /** Undefined in a bundle of CommonJS, and another folder's in every bundle. */
  readonly own: string | undefined
  readonly installed: readonly (string | undefined)[]
}

/**
 * The model's folder: beside this package, or where a bundle holds its code, beside the installed one.
 *
 * @throws Error saying what a bundler has to do
 */
export const findFolder = ({ own, installed }: Starts): string => {
  const places = [
    ...(own === undefined || own === '' ? [] : [fileURLToPath(new URL('../model', own))]),
    ...installed.flatMap((start) => {
      const manifest = start === undefined ? undefined : resolved(start)
      return manifest === undefined ? [] : [join(dirname(manifest), 'model')]
    }),
  ]
  const found = places.find((folder) => existsSync(join(folder, 'config.json')))
  if (found !== undefined) return found
  throw new Error(
    `@kic/model-mini: the model's files must be on the disk, received none at ${places.join(', ') || 'any known place'}. ` +
      'A bundle holds code only: make @kic/model-mini external and install it beside the bundle, or copy ' +
      'node_modules/@kic/model-mini/model and give loadPredictor the path of the copy.',
  )
}

const resolved = (start: string): string | undefined => {
  try {
    return nodeModule.createRequire(start).resolve('@kic/model-mini/package.json')
  } catch {
    return undefined
  }
}
