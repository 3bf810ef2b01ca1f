import type { Finding } from '../finding.ts'
import { BROWSER_FILES, NODE_ENTRIES, NODE_PACKAGES } from '../node-entries.ts'
import { isShipped, type Repository, workspaceOf } from '../repository.ts'

/**
 * Built-in modules of Node.js are for what the Node.js entries of packages reach, and never for what browser entries
 * reach. Examples and tools are Node.js programs but for the files that are named.
 */
export const nodeBuiltIns = (repository: Repository): readonly Finding[] => {
  const { imports } = repository
  const [forNode, forBrowsers] = entryFiles(repository)
  const reached = new Set(forNode.flatMap((entry) => [...reachable(entry, imports).keys()]))
  const findings: Finding[] = []
  for (const entry of forBrowsers) {
    for (const [file, way] of reachable(entry, imports)) {
      reached.add(file)
      for (const name of builtInsOf(file, imports)) {
        const message = `reaches ${name}: ${[...way, name].join(' > ')}. Move this behind the /node entry.`
        findings.push({ at: entry, message })
      }
    }
  }
  for (const [file] of imports) {
    if (!isOfLibrary(repository, file) || reached.has(file)) continue
    for (const name of builtInsOf(file, imports)) {
      findings.push({ at: file, message: `imports ${name}, but no /node entry reaches it. Export it there.` })
    }
  }
  return findings
}

/** Whether a file is published in a package that is not for Node.js alone. */
const isOfLibrary = (repository: Repository, file: string): boolean =>
  file.startsWith('packages/') &&
  isShipped(file) &&
  !NODE_PACKAGES.has(workspaceOf(repository, file)?.label ?? '')

/** Files that Node.js and files that browsers start from. */
const entryFiles = ({ workspaces }: Repository): readonly [forNode: string[], forBrowsers: string[]] => {
  const forNode: string[] = []
  const forBrowsers: string[] = [...BROWSER_FILES]
  for (const { folder, label, manifest } of workspaces.filter((is) => is.folder.startsWith('packages/'))) {
    for (const [entry, source] of Object.entries(manifest.entries)) {
      const name = `${label}${entry.slice(1)}`
      const isNode = NODE_PACKAGES.has(label) || entry === './node' || NODE_ENTRIES.has(name)
      ;(isNode ? forNode : forBrowsers).push(`${folder}/${source.slice(2)}`)
    }
  }
  return [forNode, forBrowsers]
}

type Imports = Repository['imports']

const builtInsOf = (file: string, imports: Imports): readonly string[] =>
  (imports.get(file) ?? []).filter(({ kind }) => kind === 'built-in').map(({ specifier }) => specifier)

/** All files that an entry imports, directly or not, each with a shortest way to it. */
const reachable = (entry: string, imports: Imports): ReadonlyMap<string, readonly string[]> => {
  const ways = new Map<string, readonly string[]>([[entry, [entry]]])
  for (const [file, way] of ways) {
    for (const { to } of imports.get(file) ?? []) if (to !== '' && !ways.has(to)) ways.set(to, [...way, to])
  }
  return ways
}
