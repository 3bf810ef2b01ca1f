import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { KicError } from '@kic/core'

/** The parts of a package.json that matter for installing and importing a package. */
export interface Manifest {
  readonly name: string
  readonly exports: unknown
  readonly dependencies: Readonly<Record<string, string>>
  readonly optionalDependencies: Readonly<Record<string, string>>
  readonly peerDependencies: Readonly<Record<string, string>>
}

/** A publishable package of the workspace. */
export interface WorkspacePackage {
  readonly folder: string
  readonly manifest: Manifest
}

/**
 * The packages in `packages/` below the repository's root, by name.
 *
 * @throws KicError `pack-check/manifest` where a package.json lacks a name or has a section that is no object.
 */
export const workspacePackages = async (root: string): Promise<readonly WorkspacePackage[]> => {
  const entries = await readdir(join(root, 'packages'), { withFileTypes: true })
  const folders = entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(root, 'packages', name))
  return Promise.all(
    folders.sort().map(async (folder) => {
      const path = join(folder, 'package.json')
      return { folder, manifest: parseManifest(path, JSON.parse(await readFile(path, 'utf8'))) }
    }),
  )
}

/** @throws KicError `pack-check/manifest` */
export const parseManifest = (path: string, json: unknown): Manifest => {
  const fields: Readonly<Record<string, unknown>> =
    typeof json === 'object' && json !== null ? { ...json } : {}
  const { name } = fields
  if (typeof name !== 'string') {
    throw new KicError(
      'pack-check/manifest',
      `parseManifest: ${path} must have a name, received ${JSON.stringify(name)}. Add one.`,
    )
  }
  const ranges = (section: string): Readonly<Record<string, string>> => {
    const value = fields[section] ?? {}
    if (typeof value !== 'object' || Object.values(value).some((range) => typeof range !== 'string')) {
      throw new KicError(
        'pack-check/manifest',
        `parseManifest: ${section} of ${path} must map names to ranges`,
      )
    }
    return { ...value }
  }
  return {
    name,
    exports: fields.exports,
    dependencies: ranges('dependencies'),
    optionalDependencies: ranges('optionalDependencies'),
    peerDependencies: ranges('peerDependencies'),
  }
}

/** The built files that `exports` points to, such as `./dist/index.js`. */
export const builtFiles = (exports: unknown): readonly string[] => {
  if (typeof exports === 'string') return exports.startsWith('./dist/') ? [exports] : []
  return typeof exports === 'object' && exports !== null ? Object.values(exports).flatMap(builtFiles) : []
}

/** The named package and all packages of the workspace that it depends on, directly or not. */
export const withDependencies = (
  packages: readonly WorkspacePackage[],
  name: string,
): readonly WorkspacePackage[] => {
  const needed = new Set<string>()
  const visit = (visited: string): void => {
    const found = packages.find(({ manifest }) => manifest.name === visited)
    if (found === undefined || needed.has(visited)) return
    needed.add(visited)
    const { dependencies, optionalDependencies, peerDependencies } = found.manifest
    for (const next of Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies }))
      visit(next)
  }
  visit(name)
  return packages.filter(({ manifest }) => needed.has(manifest.name))
}
