import type { Finding } from '../finding.ts'
import { FLOORS, type Rooms, roomOf } from '../floors.ts'
import { isShipped, type Repository, type Workspace, workspaceOf } from '../repository.ts'

/**
 * Everything has a room, and imports only what is on lower floors; tests, fixtures and scripts too. What is on the same
 * floor is forbidden like what is above. Published sources import no tool, whatever its floor.
 */
export const floors = (repository: Repository, rooms: Rooms = FLOORS): readonly Finding[] => [
  ...repository.workspaces
    .filter(({ label }) => roomOf(label, rooms) === undefined)
    .map(({ label }) => ({ at: label, message: 'has no floor. Give it one in floors.ts.' })),
  ...Object.keys(rooms)
    .filter((name) => !name.endsWith('*') && !repository.workspaces.some(({ label }) => label === name))
    .map((name) => ({ at: name, message: 'has a floor but no folder. Delete it from floors.ts.' })),
  ...importsUpwards(repository, rooms),
]

const importsUpwards = (repository: Repository, rooms: Rooms): readonly Finding[] => {
  const findings = new Map<string, Finding>()
  for (const [from, imports] of repository.imports) {
    const above = workspaceOf(repository, from)
    for (const { to } of imports) {
      const below = workspaceOf(repository, to)
      if (above === undefined || below === undefined || above === below) continue
      const fault = faultOf(above, below, isShipped(from), rooms)
      const at = `${above.label} -> ${below.label}${isShipped(from) ? '' : ' (tests)'}`
      if (fault !== undefined && !findings.has(at)) findings.set(at, { at, message: `${fault} See ${from}.` })
    }
  }
  return [...findings.values()]
}

const faultOf = (above: Workspace, below: Workspace, shipped: boolean, rooms: Rooms): string | undefined => {
  const [start, end] = [roomOf(above.label, rooms)?.floor, roomOf(below.label, rooms)?.floor]
  if (start === undefined || end === undefined) return undefined
  if (end >= start) return `leads from floor ${start} to floor ${end}. Move what both need down.`
  const isPublic = shipped && !above.manifest.private
  return isPublic && below.manifest.private
    ? 'is of what is not published. Move it into a package.'
    : undefined
}
