import { roomOf } from '../floors.ts'
import type { Workspace } from '../repository.ts'
import { markdownTable } from './markdown-table.ts'

/** How a page shows the house. */
export interface TableStyle {
  /** From the page's folder to the repository's root: `` or `../`. */
  readonly toRoot: string
  /** Whether a column lists the things that a package must not know. */
  readonly mustNotKnow: boolean
}

/** Examples and packages from the roof to the ground: floor, name, job, what each depends on. */
export const houseTable = (workspaces: readonly Workspace[], style: TableStyle): string => {
  const labels = new Map(workspaces.map(({ label, manifest }) => [manifest.name, label]))
  const shown = workspaces
    .filter(({ folder }) => !folder.startsWith('tools/'))
    .toSorted((a, b) => floorOf(b) - floorOf(a) || a.label.localeCompare(b.label))
  const rows = shown.map((workspace) => {
    const { folder, label, manifest } = workspace
    const below = Object.keys(manifest.dependencies).flatMap((name) => labels.get(name) ?? [])
    return [
      String(floorOf(workspace)),
      `[${label}](${style.toRoot}${folder})`,
      manifest.description,
      below.sort().join(', ') || '–',
      ...(style.mustNotKnow ? [roomOf(label)?.mustNotKnow ?? '–'] : []),
    ]
  })
  const header = ['floor', 'package', 'job', 'depends on', ...(style.mustNotKnow ? ['must not know'] : [])]
  return markdownTable(header, rows)
}

/** The tools of the repository, by name. */
export const toolsTable = (workspaces: readonly Workspace[], { toRoot }: TableStyle): string =>
  markdownTable(
    ['tool', 'job'],
    workspaces
      .filter(({ folder }) => folder.startsWith('tools/'))
      .map(({ folder, manifest }) => [`[${folder.slice(6)}](${toRoot}${folder})`, manifest.description]),
  )

const floorOf = ({ label }: Workspace): number => roomOf(label)?.floor ?? -1
