import { dirname, join } from 'node:path/posix'
import type { Finding } from '../finding.ts'
import { type Import, type Repository, workspaceOf } from '../repository.ts'

/**
 * What belongs to another package is reached by its entries: no import of its files, no import of entries that it does
 * not have, and no path to its files in a string.
 */
export const entries = (repository: Repository): readonly Finding[] =>
  [...repository.files].flatMap(([from, text]) => {
    const imports = repository.imports.get(from) ?? []
    return [
      ...imports.flatMap((found) => pastEntries(repository, from, found)),
      ...pathsToOthers(repository, from, text, new Set(imports.map(({ specifier }) => specifier))),
    ]
  })

const pastEntries = (
  repository: Repository,
  from: string,
  { to, specifier, kind }: Import,
): readonly Finding[] => {
  const other = workspaceOf(repository, to)
  if (specifier.startsWith('.') && other !== undefined && other !== workspaceOf(repository, from)) {
    const known = Object.keys(other.manifest.entries).map((entry) => other.manifest.name + entry.slice(1))
    const instead = known.length === 0 ? 'Export it from an entry' : `Import one of: ${known.join(', ')}`
    return [{ at: from, message: `imports a file of ${other.label}, ${specifier}. ${instead}.` }]
  }
  const isOurs = repository.workspaces.some(({ manifest }) => `${specifier}/`.startsWith(`${manifest.name}/`))
  if (kind !== 'missing' || !isOurs) return []
  return [{ at: from, message: `imports ${specifier}, which is no entry. Export what is needed from one.` }]
}

/** Strings that begin with `../` and lead into another package, such as a fixture's path. */
const pathsToOthers = (
  repository: Repository,
  from: string,
  text: string,
  imported: ReadonlySet<string>,
): readonly Finding[] =>
  [...text.matchAll(/['"`]((?:\.\.\/)+[^'"`$\n]*)/g)].flatMap(([, path = '']) => {
    const other = workspaceOf(repository, join(dirname(from), path))
    if (imported.has(path) || other === undefined || other === workspaceOf(repository, from)) return []
    return [
      { at: from, message: `reads a file of ${other.label}, ${path}. Keep a file in one package alone.` },
    ]
  })
