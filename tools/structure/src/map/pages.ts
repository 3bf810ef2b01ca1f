import type { Workspace } from '../repository.ts'
import { houseTable, toolsTable } from './house-table.ts'

/** What is written into a page, between `<!-- NAME … -->` and `<!-- end of NAME -->`. */
export interface Block {
  readonly name: string
  readonly text: (workspaces: readonly Workspace[]) => string
}

/** Pages with blocks that are made from package.json files and floors.ts. */
export const PAGES: Readonly<Record<string, readonly Block[]>> = {
  'README.md': [{ name: 'map', text: (all) => houseTable(all, { toRoot: '', mustNotKnow: false }) }],
  'docs/architecture.md': [
    { name: 'map', text: (all) => houseTable(all, { toRoot: '../', mustNotKnow: true }) },
    { name: 'tools', text: (all) => toolsTable(all, { toRoot: '../', mustNotKnow: false }) },
  ],
}

/**
 * A page with updated blocks.
 *
 * @throws Error where the page has no such markers
 */
export const withBlocks = (
  page: string,
  markdown: string,
  blocks: readonly Block[],
  workspaces: readonly Workspace[],
): string =>
  blocks.reduce((text, { name, text: make }) => {
    const [start, end] = placeOf(text, name)
    if (start < 0 || end < start) throw new Error(`withBlocks: ${page} ${missingMarkers(name)}`)
    const marker = `<!-- ${name}: npm run check -- structure --write -->`
    return `${text.slice(0, start)}${marker}\n\n${make(workspaces)}\n\n${text.slice(end)}`
  }, markdown)

/** What is wrong with a page that has no place for a block. */
export const missingMarkers = (name: string): string =>
  `must have the lines '<!-- ${name}: … -->' and '<!-- end of ${name} -->', received neither or one. Add them.`

/** Whether a page has a place for a block. */
export const hasPlace = (text: string, { name }: Block): boolean => {
  const [start, end] = placeOf(text, name)
  return start >= 0 && end > start
}

const placeOf = (text: string, name: string): readonly [start: number, end: number] => [
  text.indexOf(`<!-- ${name}:`),
  text.indexOf(`<!-- end of ${name} -->`),
]
