import { existsSync } from 'node:fs'
// Not by its literal name: webpack resolves the arguments of `createRequire` by its own rules.
import * as nodeModule from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Starting points of the search: this module's own address, and programs or folders with the installed package. */
export interface Starts {
  /** `undefined` in a CommonJS bundle. In every bundle, it is that of another folder. */
  readonly own: string | undefined
  readonly installed: readonly (string | undefined)[]
}

/**
 * The model's folder: beside this package, or for bundled code beside the installed package.
 *
 * @throws Error with advice for bundlers
 */
export const findFolder = ({ own, installed }: Starts): string => {
  const places: string[] = []
  if (own !== undefined && own !== '') places.push(fileURLToPath(new URL('../model', own)))
  for (const start of installed) {
    const manifest = start === undefined ? undefined : resolved(start)
    if (manifest !== undefined) places.push(join(dirname(manifest), 'model'))
  }
  const found = places.find((folder) => existsSync(join(folder, 'config.json')))
  if (found !== undefined) return found
  throw new Error(
    `@kic/model-mini: the model's files must be on the disk, received none at ${places.join(', ') || 'any known place'}. ` +
      'A bundle contains only code: make @kic/model-mini external and install it beside the bundle, or copy ' +
      'node_modules/@kic/model-mini/model and pass the path of the copy to loadPredictor.',
  )
}

const resolved = (start: string): string | undefined => {
  try {
    return nodeModule.createRequire(start).resolve('@kic/model-mini/package.json')
  } catch {
    return undefined
  }
}
