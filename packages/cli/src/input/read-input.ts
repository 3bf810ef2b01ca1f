import { levelNames } from '@kic/classification'
import { isKicError } from '@kic/core'
import type { ColumnNames, Layout, Reject } from '@kic/data'
import { plainTextLayout } from '@kic/data'
import type { ReadOptions, RowBlock } from '@kic/data/node'
import { defaultClassification } from '../default-classification.ts'
import type { Io } from '../io.ts'
import { type ReadingOptions, readOptions } from './reading-options.ts'
import { OWN_LEVEL, recogniseColumns } from './recognise-columns.ts'

/** Format of the input. */
export type InputFormat = 'auto' | 'lines'

/** The position of an input row, and its other columns. */
interface InputPlace {
  readonly id?: string | undefined
  readonly line?: number | undefined
  /** Columns to pass through. */
  readonly others?: Readonly<Record<string, string>> | undefined
}

/** A text to classify, or an unreadable row. */
export type InputRow = InputPlace &
  ({ readonly text: string } | { readonly line: number; readonly reject: Reject })

export interface InputOptions extends ReadingOptions {
  readonly format: InputFormat
  /** Whether other columns are passed through. */
  readonly keepColumns?: boolean | undefined
}

/** Files, recognised and ready to read. */
export interface Input {
  /** Names of the columns to pass through. */
  readonly others: readonly string[]
  readonly rows: Iterable<InputRow> | AsyncIterable<InputRow>
}

/** Texts of the command line as rows. */
export function* givenTexts(texts: readonly string[]): Generator<InputRow> {
  for (const text of texts) yield { text }
}

/** A source whose header has been read. */
interface Source {
  readonly path: string
  readonly blocks: AsyncIterable<RowBlock>
  readonly others: readonly string[]
}

/**
 * Recognises files, or standard input (`-`), before the first row is requested. Rows are streamed. Labels of a file are
 * ignored, so wrong labels cost no row.
 *
 * @throws KicError as `readRowBlocks`: `data/missing-file`, `data/not-text`, `data/unknown-format`, …
 */
export const openInput = async (paths: readonly string[], options: InputOptions, io: Io): Promise<Input> => {
  const sources: Source[] = []
  for (const path of paths) sources.push(await openSource(path, options, io))
  return {
    others: [...new Set(sources.flatMap(({ others }) => others))],
    rows: rowsOf(sources),
  }
}

const openSource = async (path: string, options: InputOptions, io: Io): Promise<Source> => {
  const { readRowBlocks } = await import('@kic/data/node')
  const { columns, ...how } = readOptions(options)
  const reading: ReadOptions = {
    ...how,
    columns: columns && withoutLabelRoles(columns),
    name: path === '-' ? 'standard input' : path,
    rejects: 'collect',
    // Every row gets an answer, however many are bad.
    rejectLimit: Number.POSITIVE_INFINITY,
    duplicateIds: 'accept',
    missingIds: 'accept',
    others: options.keepColumns === true ? 'keep' : 'drop',
  }
  const layoutOf = async (): Promise<Layout | undefined> => {
    if (options.format === 'lines') return plainTextLayout
    return path === '-' ? undefined : withoutLabels(await layoutWithIds(path, reading))
  }
  const layout = await layoutOf()
  const read = () => readRowBlocks(path === '-' ? io.input : path, { ...reading, layout })
  if (options.keepColumns !== true) return { path, blocks: read(), others: [] }
  const blocks = read()
  const first = await blocks.next()
  if (first.done === true) return { path, blocks, others: [] }
  return { path, blocks: chained(first.value, blocks), others: first.value.others ?? [] }
}

/** Names of the columns to read. Labels are ignored, so the columns that trained a model may be named again. */
const withoutLabelRoles = (columns: ColumnNames): ColumnNames => {
  const ignored = [OWN_LEVEL, 'code', ...levelNames(defaultClassification)]
  return Object.fromEntries(Object.entries(columns).filter(([role]) => !ignored.includes(role)))
}

/** The layout of a file. A column called `id` holds ids even if other columns alone were named. */
const layoutWithIds = async (path: string, reading: ReadOptions): Promise<Layout> => {
  const { columns } = reading
  if (columns === undefined || 'id' in columns) return recognised(path, reading)
  try {
    return await recognised(path, { ...reading, columns: { ...columns, id: 'id' } })
  } catch (error) {
    if (!isKicError(error) || error.code !== 'data/unknown-column') throw error
    return recognised(path, reading)
  }
}

const recognised = async (path: string, reading: ReadOptions): Promise<Layout> =>
  (await recogniseColumns(path, reading, defaultClassification)).layout

async function* chained(first: RowBlock, rest: AsyncIterable<RowBlock>): AsyncGenerator<RowBlock> {
  yield first
  yield* rest
}

const withoutLabels = (layout: Layout): Layout => ({
  ...layout,
  columns: layout.columns.map((column) =>
    column.holds === 'label' || column.holds === 'code' ? { holds: 'other' } : column,
  ),
})

async function* rowsOf(sources: readonly Source[]): AsyncGenerator<InputRow> {
  for (const { path, blocks } of sources) {
    for await (const block of blocks) yield* inOrder(block, sources.length > 1 ? path : undefined)
  }
}

/** Rows and rejects, in line order. */
function* inOrder({ rows, rejects }: RowBlock, file: string | undefined): Generator<InputRow> {
  const bad = ({ id, line, others, ...reject }: Reject): InputRow => {
    const message = file === undefined ? reject.message : `${file}: ${reject.message}`
    return { id, line, others, reject: { ...reject, line, message } }
  }
  let next = 0
  for (const { id, line, text, others } of rows) {
    for (let reject = rejects[next]; reject !== undefined && reject.line < line; reject = rejects[next]) {
      yield bad(reject)
      next += 1
    }
    yield { id, line, others, text }
  }
  for (const reject of rejects.slice(next)) yield bad(reject)
}
