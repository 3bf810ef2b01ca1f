import type { Finding } from '../finding.ts'
import type { Repository } from '../repository.ts'

/** Files that import each other in a circle, by their types alone too. */
export const fileCycles = ({ cycles }: Repository): readonly Finding[] =>
  cycles.map((files) => ({
    at: [...files].sort().join(' and '),
    message: `are in a cycle: ${[files.at(-1), ...files].join(' > ')}. Move what they share into a file of its own.`,
  }))

/** Packages that depend on each other in a circle, by development dependencies too. */
export const packageCycles = ({ workspaces }: Repository): readonly Finding[] => {
  const byName = new Map(workspaces.map((workspace) => [workspace.manifest.name, workspace]))
  const below = (name: string): readonly string[] => {
    const { dependencies, devDependencies, peerDependencies, optionalDependencies } =
      byName.get(name)?.manifest ?? {}
    return Object.keys({ ...dependencies, ...devDependencies, ...peerDependencies, ...optionalDependencies })
  }
  const done = new Set<string>()
  const findings: Finding[] = []
  const visit = (name: string, path: readonly string[]): void => {
    if (path.includes(name)) {
      const circle = [...path.slice(path.indexOf(name)), name]
      const message = `is in a cycle, ${circle.join(' > ')}. Move what both need into a package below them.`
      findings.push({ at: byName.get(name)?.label ?? name, message })
      return
    }
    if (done.has(name) || !byName.has(name)) return
    for (const next of below(name)) visit(next, [...path, name])
    done.add(name)
  }
  for (const name of byName.keys()) visit(name, [])
  return findings
}
