import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cruise, type ICruiseOptions, type ICruiseResult, type IDependency } from 'dependency-cruiser'
import { PAGES } from './map/pages.ts'
import { readManifest, readWorkspaces } from './read-workspaces.ts'
import type { Import, Repository } from './repository.ts'

const OPTIONS: ICruiseOptions = {
  doNotFollow: { path: 'node_modules' },
  exclude: { path: '(^|/)(dist|output)/' },
  // Imports of types, which compiled code no longer has.
  tsPreCompilationDeps: true,
  validate: true,
  ruleSet: { forbidden: [{ name: 'cycles', severity: 'error', from: {}, to: { circular: true } }] },
}

/** Imports of `@kic/…` resolve to sources, as everywhere in this repository. */
const RESOLVE = {
  exportsFields: ['exports'],
  conditionNames: ['@kic/source', 'import', 'require', 'node', 'types', 'default'],
  extensions: ['.ts', '.tsx', '.js', '.json'],
}

/** Reads every import of every file in the repository's packages, examples and tools. */
export const readRepository = async (root: string): Promise<Repository> => {
  const workspaces = await readWorkspaces(root)
  const { devDependencies } = await readManifest(join(root, 'package.json'))
  const folders = workspaces.map(({ folder }) => folder)
  const { output } = await cruise(folders, { ...OPTIONS, baseDir: root }, RESOLVE)
  if (typeof output === 'string')
    throw new Error('readRepository: dependency-cruiser must return its result.')
  const own = output.modules.filter(({ source }) => folders.some((folder) => source.startsWith(`${folder}/`)))
  const files = await textsOf(
    root,
    own.map(({ source }) => source),
  )
  return {
    workspaces,
    shared: new Set(Object.keys(devDependencies)),
    files,
    pages: await textsOf(root, Object.keys(PAGES)),
    imports: new Map(own.map(({ source, dependencies }) => [source, dependencies.map(importOf)])),
    cycles: cyclesOf(output),
  }
}

const textsOf = async (root: string, paths: readonly string[]): Promise<ReadonlyMap<string, string>> => {
  const texts = new Map<string, string>()
  for (const path of paths) {
    if (existsSync(join(root, path))) texts.set(path, await readFile(join(root, path), 'utf8'))
  }
  return texts
}

const importOf = (found: IDependency): Import => {
  const kind = kindOf(found)
  return { specifier: found.module, kind, to: kind === 'file' ? found.resolved : '' }
}

const kindOf = ({ resolved, coreModule, couldNotResolve }: IDependency): Import['kind'] => {
  if (coreModule) return 'built-in'
  if (couldNotResolve) return 'missing'
  return resolved.includes('node_modules/') ? 'installed' : 'file'
}

const cyclesOf = ({ summary }: ICruiseResult): readonly (readonly string[])[] =>
  summary.violations.flatMap(({ cycle }) => (cycle === undefined ? [] : [cycle.map(({ name }) => name)]))
