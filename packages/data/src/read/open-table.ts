import { levelOf } from '@kic/classification'
import { KicError } from '@kic/core'
import type { DataErrorCode } from '../error-code.ts'
import { type KnownOfRow, openParquet } from '../parquet/open-parquet.ts'
import { type OpenedXlsx, openXlsx } from '../xlsx/open-xlsx.ts'
import { shownHeader } from './columns-layout.ts'
import { hasHeader, headerName } from './header-name.ts'
import { type Layout, textCodeLayout } from './layout.ts'
import type { ByteSource } from './open-bytes.ts'
import { othersReader } from './parse-row.ts'
import type { ReadOptions } from './read-options.ts'
import type { CellBlock } from './split-cells.ts'
import { tableSource } from './table-format.ts'
import { tableLayout } from './table-layout.ts'

/** A source with ready-cut cells: Parquet or XLSX. */
export interface Table {
  readonly layout: Layout
  blocks(): AsyncIterable<CellBlock & { readonly blankLines: number }>
  /** Releases the source, whether it was read or not. */
  close(): void
}

/** A layout of ready-cut cells. */
const cut = (layout: Layout): Layout => ({
  ...layout,
  delimiter: 'none',
  quoted: false,
  // Text cells need no guard.
  answers: layout.answers === undefined ? undefined : 'plain',
})

/** The layout of columns from `layout`, from the given names, or from their own names. */
const layoutOf = (
  header: readonly string[],
  format: 'Parquet' | 'XLSX',
  title: string,
  options: ReadOptions,
  name: string,
): Layout => {
  const { layout } = options
  if (layout?.header === undefined) return tableLayout(header, format, title, options, name)
  if (hasHeader(header, layout.header)) return cut(layout)
  throw new KicError<DataErrorCode>(
    'data/wrong-header',
    `${name}: the ${layout.name} must have the columns '${shownHeader(layout.header)}', received '${shownHeader(header)}'. Choose another layout.`,
  )
}

/** Known data of a row with an unreadable required cell. */
const knownOf = (layout: Layout, options: ReadOptions, name: string): KnownOfRow => {
  const othersOf = othersReader(layout)
  const id = layout.columns.findIndex(({ holds }) => holds === 'id')
  return (cells, line) => ({
    id: id < 0 ? `${name}:${line}` : cells[id]?.trim() || undefined,
    ...(options.others === 'keep' ? { others: othersOf(cells) } : {}),
  })
}

const openParquetTable = async (
  source: string | Uint8Array,
  options: ReadOptions,
  name: string,
): Promise<Table> => {
  const { header, cells } = await openParquet(source, name)
  const layout = layoutOf(header, 'Parquet', 'Parquet', options, name)
  const uses = layout.columns.map(({ holds }) => {
    if (holds !== 'other') return 'needed'
    return options.others === 'keep' ? 'passed' : 'skipped'
  })
  return {
    layout,
    async *blocks() {
      for await (const block of cells(uses, knownOf(layout, options, name))) yield { ...block, blankLines: 0 }
    },
    close: () => undefined,
  }
}

/** Whether the first row is already an answer: a text and its code. */
const isTextAndCode = (cells: readonly string[], { classification, columns }: ReadOptions): boolean =>
  columns === undefined &&
  classification !== undefined &&
  cells.length === 2 &&
  levelOf(classification, (cells[1] ?? '').trim()) !== undefined

const xlsxLayout = ({ first, title }: OpenedXlsx, options: ReadOptions, name: string): Layout => {
  if (first.line === 0)
    throw new KicError<DataErrorCode>(
      'data/empty-file',
      `${name}: the sheet must have rows, received an empty sheet. Choose another sheet.`,
    )
  if (options.layout !== undefined && options.layout.header === undefined) return cut(options.layout)
  if (options.layout === undefined && isTextAndCode(first.cells, options))
    return { ...cut(textCodeLayout), name: `${title} (text, code)` }
  return layoutOf(first.cells.map(headerName), 'XLSX', title, options, name)
}

const openXlsxTable = async (
  source: string | Uint8Array,
  options: ReadOptions,
  name: string,
): Promise<Table> => {
  const opened = await openXlsx(source, name, options.sheet)
  try {
    const layout = xlsxLayout(opened, options, name)
    const { columns } = layout
    const rules = {
      firstLine: layout.header === undefined ? 1 : opened.first.line + 1,
      width: columns.length,
      // Notes beside a table belong to none of its named columns.
      mayHaveMore: layout.header !== undefined,
      wanted: columns.map(({ holds }) => holds !== 'other'),
      known: knownOf(layout, options, name),
    }
    return { layout, blocks: () => opened.blocks(rules), close: opened.close }
  } catch (error) {
    opened.close()
    throw error
  }
}

/**
 * Opens a source with ready-cut cells; undefined for text.
 *
 * @throws KicError `data/damaged-parquet`, `data/nested-parquet`, `data/damaged-xlsx`, `data/unreadable-workbook`,
 * `data/unknown-sheet`, `data/wrong-header`, `data/unknown-column`, `data/unknown-format`
 */
export const openAsTable = async (
  source: ByteSource,
  options: ReadOptions,
  name: string,
): Promise<Table | undefined> => {
  const found = await tableSource(source, options.sheet, name)
  if (found.format === 'text') return undefined
  const open = found.format === 'xlsx' ? openXlsxTable : openParquetTable
  return open(found.source, options, name)
}
