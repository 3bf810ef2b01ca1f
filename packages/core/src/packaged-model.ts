import { existsSync } from 'node:fs'
// Not by its literal name: webpack resolves the arguments of `createRequire` by its own rules.
import * as nodeModule from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Starting points of the search for a package's files. */
export interface PackageStarts {
  /** The address of a module of the package. `undefined` in a CommonJS bundle; in every bundle, it is that of another folder. */
  readonly own: string | undefined
  /** Programs or folders that may have installed the package. */
  readonly installed: readonly (string | undefined)[]
}

/**
 * The folder `model` of a package, which has a `kic.json`: beside the package's module, or for bundled code in the installed package.
 *
 * @param name of the package
 * @throws Error with advice for bundlers
 */
export const packagedModel = (name: string, { own, installed }: PackageStarts): string => {
  const places: string[] = []
  if (own !== undefined && own !== '') places.push(fileURLToPath(new URL('../model', own)))
  for (const start of installed) {
    const manifest = start === undefined ? undefined : resolved(start, `${name}/package.json`)
    if (manifest !== undefined) places.push(join(dirname(manifest), 'model'))
  }
  const found = places.find((folder) => existsSync(join(folder, 'kic.json')))
  if (found !== undefined) return found
  throw new Error(
    `${name}: the model's files must be on the disk, received none at ${places.join(', ') || 'any known place'}. ` +
      `A bundle contains only code: make ${name} external and install it beside the bundle, or copy ` +
      `node_modules/${name}/model and pass the path of the copy to loadPredictor.`,
  )
}

const resolved = (start: string, file: string): string | undefined => {
  try {
    return nodeModule.createRequire(start).resolve(file)
  } catch {
    return undefined
  }
}
