import { KicError } from '@kic/core'
import { type Hierarchy, levelNames } from './hierarchy.ts'
import { answerSheetLayout, type Column, competitionLayout, type Layout, textCodeLayout } from './layout.ts'
import { excerptOf } from './reject.ts'

const headerCells = (line: string, delimiter: string): string[] =>
  line.split(delimiter).map((cell) =>
    cell
      .trim()
      .replace(/^"(.*)"$/, '$1')
      .toLowerCase(),
  )

const sameHeader = (cells: readonly string[], header: readonly string[]): boolean =>
  cells.length === header.length && header.every((name, i) => name.toLowerCase() === cells[i])

/**
 * The layout of a tab-separated file whose header names its columns: `text`, and any of `id`, `code` and the levels of
 * the hierarchy, in any order; undefined where the cells are not of that kind.
 */
export const namedColumnsLayout = (cells: readonly string[], hierarchy: Hierarchy): Layout | undefined => {
  const levels = levelNames(hierarchy).map((level) => level.toLowerCase())
  const columns: Column[] = []
  for (const cell of cells) {
    const name = cell.trim().toLowerCase()
    if (name === 'text' || name === 'id' || name === 'code') columns.push({ holds: name })
    else if (levels.includes(name)) columns.push({ holds: 'label', depth: levels.indexOf(name) })
    else return undefined
  }
  const names = cells.map((cell) => cell.trim().toLowerCase())
  if (!names.includes('text') || new Set(names).size !== names.length) return undefined
  if (names.includes('code') && columns.some((column) => column.holds === 'label')) return undefined
  return { name: `TSV (${names.join(', ')})`, delimiter: '\t', quoted: false, header: [...cells], columns }
}

/**
 * Checks the first line of a file against the header its layout asks for; case and spaces do not matter.
 *
 * @throws KicError `data/wrong-header` with both headers.
 */
export const checkHeader = (layout: Layout, firstLine: string, file: string): void => {
  if (layout.header === undefined) return
  const cells = layout.delimiter === 'none' ? [firstLine] : headerCells(firstLine, layout.delimiter)
  if (sameHeader(cells, layout.header)) return
  const separator = layout.delimiter === 'none' ? '' : layout.delimiter
  throw new KicError(
    'data/wrong-header',
    `${file}, line 1: the ${layout.name} starts with the header '${layout.header.join(separator)}', ` +
      `received '${excerptOf(firstLine)}'; add the header or name another layout`,
  )
}

/**
 * Recognises the layout of a file by its first line alone: the competition's header between `|` or as CSV, a
 * tab-separated header that names `text` and the label columns, or a first line `text<TAB>code`.
 * `plainTextLayout` is never guessed.
 *
 * @throws KicError `data/wrong-header` for a line with `|` or commas like the competition's that is not its header,
 * `data/unknown-format` for everything else.
 */
export const sniffLayout = (firstLine: string, hierarchy: Hierarchy, file: string): Layout => {
  for (const layout of [competitionLayout, answerSheetLayout])
    if (sameHeader(headerCells(firstLine, layout.delimiter), layout.header ?? [])) return layout
  const tabs = firstLine.split('\t')
  const named = namedColumnsLayout(tabs, hierarchy)
  if (named !== undefined) return named
  if (tabs.length === 2) return textCodeLayout
  if (tabs.length === 1) {
    for (const layout of [competitionLayout, answerSheetLayout])
      if (firstLine.split(layout.delimiter).length >= 4) checkHeader(layout, firstLine, file)
  }
  throw new KicError(
    'data/unknown-format',
    `${file}, line 1: this is neither the competition's header (${(competitionLayout.header ?? []).join('|')}), ` +
      `nor a tab-separated header that names text and ${levelNames(hierarchy).join(', ')} or code, nor text<TAB>code, ` +
      `received '${excerptOf(firstLine)}'; name the layout if the file is right`,
  )
}
