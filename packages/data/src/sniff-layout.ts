import { KicError } from '@kic/core'
import { type ColumnNames, chosenColumns, columnsLayout, ownColumns } from './columns-layout.ts'
import { type Hierarchy, levelNames } from './hierarchy.ts'
import { answerSheetLayout, competitionLayout, type Layout, textCodeLayout } from './layout.ts'
import { excerptOf } from './reject.ts'

/** The cells of a header; between commas they may be quoted. */
const cellsOf = (line: string, delimiter: string): string[] => {
  if (delimiter !== ',') return line.split(delimiter)
  const cells = line.match(/(?<=^|,)(?:"(?:[^"]|"")*"|[^,]*)(?=,|$)/g) ?? []
  return cells.map((cell) => cell.replace(/^"(.*)"$/, '$1').replaceAll('""', '"'))
}

const headerCells = (line: string, delimiter: string): string[] =>
  cellsOf(line, delimiter).map((cell) =>
    cell
      .trim()
      .replace(/^"(.*)"$/, '$1')
      .toLowerCase(),
  )

const sameHeader = (cells: readonly string[], header: readonly string[]): boolean =>
  cells.length === header.length && header.every((name, i) => name.toLowerCase() === cells[i])

const formats = [
  ['TSV', '\t'],
  ['CSV', ','],
  ['|-separated', '|'],
] as const

/**
 * The layout of a tab-, comma- or `|`-separated file whose header names its columns: `text` or any of `object`, `method`
 * and `deal`, and any of `id`, `code` and the levels of the hierarchy, in any order, or the competition's names of them;
 * undefined where the cells are not of that kind.
 */
export const namedColumnsLayout = (firstLine: string, hierarchy: Hierarchy): Layout | undefined => {
  for (const [format, delimiter] of formats) {
    const cells = cellsOf(firstLine, delimiter)
    const columns = ownColumns(cells, hierarchy)
    if (columns !== undefined) return columnsLayout(cells, columns, format)
  }
  return undefined
}

/** The layout of a file whose columns are named from outside: divided by what divides its header most often. */
const chosenLayout = (firstLine: string, names: ColumnNames, hierarchy: Hierarchy, file: string): Layout => {
  let format: (typeof formats)[number][0] = 'TSV'
  let cells: readonly string[] = []
  for (const [name, delimiter] of formats) {
    const found = cellsOf(firstLine, delimiter)
    if (found.length > cells.length) [format, cells] = [name, found]
  }
  return columnsLayout(cells, chosenColumns(cells, names, hierarchy, file), format)
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
 * Recognises the layout of a file by its first line alone: the competition's header between `|` or as CSV, a header that
 * names its columns between tabs, commas or `|`, or a first line `text<TAB>code`. With `names` the header may have any
 * names, and the columns named are taken. `plainTextLayout` is never guessed.
 *
 * @throws KicError `data/wrong-header` for a line with `|` or commas like the competition's that is not its header,
 * `data/unknown-column` for `names` that the header does not have, `data/unknown-format` for everything else.
 */
export const sniffLayout = (
  firstLine: string,
  hierarchy: Hierarchy,
  file: string,
  names?: ColumnNames,
): Layout => {
  if (names !== undefined) return chosenLayout(firstLine, names, hierarchy, file)
  for (const layout of [competitionLayout, answerSheetLayout])
    if (sameHeader(headerCells(firstLine, layout.delimiter), layout.header ?? [])) return layout
  const named = namedColumnsLayout(firstLine, hierarchy)
  if (named !== undefined) return named
  const tabs = firstLine.split('\t').length
  if (tabs === 2) return textCodeLayout
  if (tabs === 1) {
    for (const layout of [competitionLayout, answerSheetLayout])
      if (firstLine.split(layout.delimiter).length >= 4) checkHeader(layout, firstLine, file)
  }
  throw new KicError(
    'data/unknown-format',
    `${file}, line 1: this is neither the competition's header (${(competitionLayout.header ?? []).join('|')}), ` +
      `nor a header that names text and ${levelNames(hierarchy).join(', ')} or code, nor text<TAB>code, ` +
      `received '${excerptOf(firstLine)}'; name the columns or the layout if the file is right`,
  )
}
