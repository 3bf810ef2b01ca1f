import { basename } from 'node:path'
import { KicError } from '@kic/core'
import { type ColumnNames, chosenColumns, columnsLayout, ownColumns } from './columns-layout.ts'
import { type Hierarchy, levelNames } from './hierarchy.ts'
import { ksic10 } from './ksic10.ts'
import type { Layout } from './layout.ts'
import { type ByteSource, isParquet, type OpenedBytes, openBytes } from './open-bytes.ts'
import { openParquet } from './open-parquet.ts'
import { createRowParser } from './parse-row.ts'
import { encodingAt, parseRecords, type ReadRecords, type RecordReader, readRecords } from './read-records.ts'
import type { EncodingFound, ReadReport } from './read-report.ts'
import { excerptOf, type Reject, type RejectReason } from './reject.ts'
import { createRejectPolicy, type RejectOptions, type RejectPolicy } from './reject-policy.ts'
import { writeRejects } from './rejects-file.ts'
import type { Row } from './row.ts'
import { createSeenIds, type SeenIds } from './seen-ids.ts'
import { checkHeader, sniffLayout } from './sniff-layout.ts'
import { splitRecords } from './split-records.ts'
import { decodeStrict, type TextEncoding } from './strict-decoding.ts'
import type { TextNormalization } from './unicode-normalization.ts'

/** How to read rows. */
export interface ReadOptions extends RejectOptions {
  /** Which codes there are; KSIC rev. 10 by default. */
  readonly hierarchy?: Hierarchy
  /** How lines become rows; recognised by the first line by default. */
  readonly layout?: Layout
  /** The columns wanted, by name, of a file whose header has other names; the layout is then found by them. */
  readonly columns?: ColumnNames
  /** The rule by which texts are normalised; `none` by default. Fields stay as they are. */
  readonly normalization?: TextNormalization
  /** Found by the bytes by default. */
  readonly encoding?: TextEncoding
  /** What the source is called in ids, errors and reports: by default the name of the file, `rows` without one. */
  readonly name?: string
  /** Whether a row whose id came before is a reject, the default, or accepted (ids are then not remembered). */
  readonly duplicateIds?: 'reject' | 'accept'
  /** Longest line in bytes; 1 MiB by default. Longer ones are rejects and never held in memory. */
  readonly maxLineBytes?: number
}

/** Some rows of a source, in order, with the bad ones beside them. */
export interface RowBlock {
  readonly rows: readonly Row[]
  readonly rejects: readonly Reject[]
  /** What was found from the first line to the end of this block. */
  readonly report: ReadReport
}

const blockBytes = 1 << 18
const defaultMaxLineBytes = 1 << 20

const nameOf = (source: ByteSource, given: string | undefined): string =>
  given ?? (typeof source === 'string' ? basename(source) : 'rows')

const layoutOf = ({ firstLine }: OpenedBytes, options: ReadOptions, name: string): Layout => {
  const decoded =
    decodeStrict(firstLine, options.encoding ?? 'utf-8') ??
    decodeStrict(firstLine, 'cp949') ??
    Buffer.from(firstLine).toString('latin1')
  const line = decoded.replace(/\r$/, '')
  if (options.layout === undefined)
    return sniffLayout(line, options.hierarchy ?? ksic10, name, options.columns)
  checkHeader(options.layout, line, name)
  return options.layout
}

const encodingAtStart = ({ bomBytes }: OpenedBytes, given: TextEncoding | undefined): EncodingFound => {
  if (given !== undefined) return { encoding: given, foundBy: 'option' }
  if (bomBytes > 0) return { encoding: 'utf-8', foundBy: 'byte order mark' }
  return { encoding: 'ascii', foundBy: 'bytes' }
}

const parquetLayout = (header: readonly string[], options: ReadOptions, name: string): Layout => {
  const hierarchy = options.hierarchy ?? ksic10
  const columns =
    options.columns === undefined
      ? ownColumns(header, hierarchy)
      : chosenColumns(header, options.columns, hierarchy, name)
  if (columns !== undefined) return columnsLayout(header, columns, 'Parquet')
  throw new KicError(
    'data/unknown-format',
    `${name}: columns must be named text and ${levelNames(hierarchy).join(', ')} or code, or as in the competition, ` +
      `received '${excerptOf(header.join(', '))}'; name the columns if the file is right`,
  )
}

const openAsParquet = async (source: ByteSource, name: string) =>
  (typeof source === 'string' || source instanceof Uint8Array) && (await isParquet(source))
    ? openParquet(source, name)
    : undefined

/**
 * Recognises the layout of a source by its first line, without reading on.
 *
 * @throws KicError as `readRowBlocks` does before its first block.
 */
export const recogniseLayout = async (source: ByteSource, options: ReadOptions = {}): Promise<Layout> => {
  const name = nameOf(source, options.name)
  const parquet = await openAsParquet(source, name)
  if (parquet !== undefined) return parquetLayout(parquet.header, options, name)
  const opened = await openBytes(source, name, options.maxLineBytes ?? defaultMaxLineBytes)
  try {
    return layoutOf(opened, options, name)
  } finally {
    await opened.close()
  }
}

/** What the files of one reading share. */
interface Reading {
  readonly options: ReadOptions
  readonly policy: RejectPolicy
  readonly ids: SeenIds
}

/** What a source was found to hold, step by step. */
type Step = ReadRecords & Pick<ReadReport, 'encoding' | 'foundBy' | 'packing'>

const readerOf = (layout: Layout, name: string, { options, ids }: Reading): RecordReader => {
  const hasIds = layout.columns.some((column) => column.holds === 'id')
  ids.enter(name)
  return {
    layout,
    parseRow: createRowParser(layout, options.hierarchy ?? ksic10, name, options.normalization),
    ids: hasIds && options.duplicateIds !== 'accept' ? ids : undefined,
    maxLineBytes: options.maxLineBytes ?? defaultMaxLineBytes,
  }
}

async function* readText(
  opened: OpenedBytes,
  reader: RecordReader,
  options: ReadOptions,
): AsyncGenerator<Step> {
  const rules = { quoted: reader.layout.quoted, blockBytes, maxLineBytes: reader.maxLineBytes }
  const packing = opened.packing === undefined ? {} : { packing: opened.packing }
  let encoding = encodingAtStart(opened, options.encoding)
  for await (const block of splitRecords(opened.bytes, opened.bomBytes, rules)) {
    encoding = encodingAt(block, encoding)
    yield { ...readRecords(block, reader, encoding), ...encoding, ...packing }
  }
}

async function* readSource(source: ByteSource, name: string, reading: Reading): AsyncGenerator<RowBlock> {
  const { options, policy } = reading
  const normalization =
    options.normalization === undefined || options.normalization === 'none'
      ? {}
      : { normalization: options.normalization }
  const rejectsByReason: Partial<Record<RejectReason, number>> = {}
  let [rows, labelled, blankLines, rejects] = [0, 0, 0, 0]
  const blockOf = (layout: Layout, { packing, encoding, foundBy, ...found }: Step): RowBlock => {
    policy.accept(name, found.rejects)
    rows += found.rows.length
    labelled += found.labelled
    blankLines += found.blankLines
    rejects += found.rejects.length
    for (const { reason } of found.rejects) rejectsByReason[reason] = (rejectsByReason[reason] ?? 0) + 1
    const how = { encoding, foundBy, ...(packing === undefined ? {} : { packing }), ...normalization }
    const counts = { rows, labelled, rejects, rejectsByReason: { ...rejectsByReason }, blankLines }
    return {
      rows: found.rows,
      rejects: found.rejects,
      report: { name, layout: layout.name, ...how, ...counts },
    }
  }
  const parquet = await openAsParquet(source, name)
  if (parquet !== undefined) {
    const layout = parquetLayout(parquet.header, options, name)
    const reader = readerOf(layout, name, reading)
    const found = { encoding: 'utf-8', foundBy: 'format', blankLines: 0 } as const
    for await (const block of parquet.cells(layout.columns.map((column) => column.holds !== 'other')))
      yield blockOf(layout, { ...parseRecords(block.records, reader, block.rejects), ...found })
  } else {
    const opened = await openBytes(source, name, options.maxLineBytes ?? defaultMaxLineBytes)
    try {
      const layout = layoutOf(opened, options, name)
      const reader = readerOf(layout, name, reading)
      for await (const step of readText(opened, reader, options)) yield blockOf(layout, step)
    } finally {
      await opened.close()
    }
  }
  if (rows + rejects === 0)
    throw new KicError('data/empty-file', `${name} holds no rows: nothing but a header or blank lines`)
}

async function* readSources(
  sources: readonly { readonly source: ByteSource; readonly name: string }[],
  options: ReadOptions,
): AsyncGenerator<RowBlock> {
  const policy = createRejectPolicy(options)
  const reading = { options, policy, ids: createSeenIds() }
  try {
    for (const { source, name } of sources) yield* readSource(source, name, reading)
  } finally {
    if (options.rejectsFile !== undefined) await writeRejects(options.rejectsFile, policy.kept)
  }
}

/**
 * Reads rows block by block, in memory bounded by a block and the ids seen. Rows, rejects, blank lines and the header
 * together are all that the source holds: nothing is dropped.
 *
 * - Format: text, text packed by gzip, or Parquet (a path or its bytes), by the first bytes.
 * - Layout: `options.layout`, or recognised by the first line (`sniffLayout`), or by the columns named.
 * - Encoding: `options.encoding`, or UTF-8 after a byte order mark, or decided by the first block of 256 KiB that is not
 *   plain ASCII: UTF-8 if all of it is valid UTF-8, otherwise whichever of UTF-8 and cp949 leaves fewer rows
 *   undecodable. A byte that does not fit makes its row a reject; there are no replacement characters.
 * - A bad row throws, or with `rejects: 'collect'` is delivered beside the rows, up to `rejectLimit`, and written to
 *   `rejectsFile`.
 *
 * @throws KicError `data/missing-file`, `data/not-a-file`, `data/unreadable-file`, `data/empty-file`, `data/not-text`,
 * `data/damaged-gzip`, `data/damaged-parquet`, `data/nested-parquet`, `data/wrong-header`, `data/unknown-column`,
 * `data/unknown-format`; `data/<reason>` for a bad row; `data/too-many-rejects`.
 */
export const readRowBlocks = (source: ByteSource, options: ReadOptions = {}): AsyncGenerator<RowBlock> =>
  readSources([{ source, name: nameOf(source, options.name) }], options)

/**
 * Reads many files one after the other, as `readRowBlocks` does each: ids are compared and rejects are counted over all
 * of them, and each may have a format of its own. Files are called by their paths; a block's report is about its own file.
 *
 * @throws KicError as `readRowBlocks`.
 */
export const readFiles = (
  paths: readonly string[],
  options: Omit<ReadOptions, 'name'> = {},
): AsyncGenerator<RowBlock> =>
  readSources(
    paths.map((path) => ({ source: path, name: path })),
    options,
  )
