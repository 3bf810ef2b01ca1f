import type { Finding } from '../finding.ts'
import { FLOORS, roomOf } from '../floors.ts'
import { isShipped, type Repository, workspaceOf } from '../repository.ts'

/**
 * Everything has a room, and imports only what is on lower floors; tests, fixtures and scripts too. What is on the same
 * floor is forbidden like what is above. Published sources import no tool, whatever its floor.
 */
export const floors = (repository: Repository): readonly Finding[] => [
  ...withoutRoom(repository),
  ...withoutWorkspace(repository),
  ...importsUpwards(repository),
]

const withoutRoom = ({ workspaces }: Repository): readonly Finding[] =>
  workspaces
    .filter(({ label }) => roomOf(label) === undefined)
    .map(({ label }) => ({ at: label, message: 'has no floor. Give it one in floors.ts.' }))

const withoutWorkspace = ({ workspaces }: Repository): readonly Finding[] => {
  const labels = new Set(workspaces.map(({ label }) => label))
  return Object.keys(FLOORS)
    .filter((name) => !name.endsWith('*') && !labels.has(name))
    .map((name) => ({ at: name, message: 'has a floor but no folder. Delete it from floors.ts.' }))
}

const importsUpwards = (repository: Repository): readonly Finding[] => {
  const findings = new Map<string, Finding>()
  for (const [from, imports] of repository.imports) {
    for (const { to } of imports) {
      const finding = upwards(repository, from, to)
      if (finding !== undefined && !findings.has(finding.at)) findings.set(finding.at, finding)
    }
  }
  return [...findings.values()]
}

const upwards = (repository: Repository, from: string, to: string): Finding | undefined => {
  const [above, below] = [workspaceOf(repository, from), workspaceOf(repository, to)]
  if (above === undefined || below === undefined || above === below) return undefined
  const [start, end] = [roomOf(above.label)?.floor, roomOf(below.label)?.floor]
  if (start === undefined || end === undefined) return undefined
  const shipped = isShipped(from)
  const at = `${above.label} -> ${below.label}${shipped ? '' : ' (tests)'}`
  if (end >= start) {
    return { at, message: `leads from floor ${start} to floor ${end}, in ${from}. Move what both need down.` }
  }
  if (shipped && !above.manifest.private && below.manifest.private) {
    return { at, message: `imports what is not published, in ${from}. Move it into a package.` }
  }
  return undefined
}
