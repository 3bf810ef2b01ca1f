import { isAscii, isUtf8 } from 'node:buffer'
import { basename } from 'node:path'
import { KicError } from '@kic/core'
import type { DataErrorCode } from '../error-code.ts'
import type { Row } from '../row.ts'
import { writeRejects } from '../write/rejects-file.ts'
import { answeredLabels } from './answered-labels.ts'
import { createLabelCounter, type LabelCounter } from './count-labels.ts'
import type { CutRules } from './cut-records.ts'
import { detectEncoding } from './detect-encoding.ts'
import type { Layout } from './layout.ts'
import { type ByteSource, type OpenedBytes, openBytes } from './open-bytes.ts'
import { openAsTable } from './open-table.ts'
import { createRowParser, otherColumns } from './parse-row.ts'
import type { ReadOptions } from './read-options.ts'
import { encodingAt, parseRecords, type ReadRecords, type RecordReader, readRecords } from './read-records.ts'
import type { EncodingFound, ReadReport } from './read-report.ts'
import type { Reject, RejectReason } from './reject.ts'
import { createRejectPolicy, type RejectPolicy } from './reject-policy.ts'
import { createSeenIds, type SeenIds } from './seen-ids.ts'
import { type FoundLayout, findLayout, headerFound } from './sniff-layout.ts'
import { splitRecords } from './split-records.ts'
import { decodeStrict } from './strict-decoding.ts'
import { isQuotedThroughout } from './whole-cells.ts'

/** Some rows of a source, in order, and the bad ones beside them. */
export interface RowBlock {
  readonly rows: readonly Row[]
  readonly rejects: readonly Reject[]
  /** The names of the passed-through columns in file order, if requested. */
  readonly others?: readonly string[] | undefined
  /** The report from the first line to the end of this block. */
  readonly report: ReadReport
}

const blockBytes = 1 << 18
const defaultMaxLineBytes = 1 << 20

const nameOf = (source: ByteSource, given: string | undefined): string =>
  given ?? (typeof source === 'string' ? basename(source) : 'rows')

/** The encoding, as far as the beginning of a file determines it. */
const encodingAtStart = ({ head, encoding, foundBy }: OpenedBytes, name: string): EncodingFound => {
  // A character or line cut by the end of the beginning must not decide.
  const lineBreak = head.lastIndexOf(0x0a)
  const whole = head.length < blockBytes || lineBreak < 0 ? head : head.subarray(0, lineBreak)
  if (encoding === 'cp949' && isUtf8(whole) && /[\uac00-\ud7a3]/.test(Buffer.from(whole).toString()))
    throw new KicError<DataErrorCode>(
      'data/wrong-encoding',
      `${name}: the wrong encoding was given: the file is in UTF-8, received cp949. Leave the encoding out, or correct it.`,
    )
  if (encoding !== undefined) return { encoding, foundBy }
  return isAscii(whole)
    ? { encoding: 'ascii', foundBy: 'bytes' }
    : { encoding: detectEncoding(whole), foundBy: 'bytes' }
}

/** A layout found in text, and the byte offset of the header's end. */
const layoutOf = (
  head: Uint8Array,
  { encoding }: EncodingFound,
  options: ReadOptions,
  name: string,
): FoundLayout => {
  const decoding = encoding === 'cp949' ? 'cp949' : 'utf-8'
  const { classification } = options
  // Lengths are counted in bytes, so each byte is one character here. Header cells are decoded one by one.
  const text = Buffer.from(head).toString('latin1')
  const decode = (cell: string): string => decodeStrict(Buffer.from(cell, 'latin1'), decoding) ?? cell
  return options.layout === undefined
    ? findLayout(text, classification, name, options.columns, decode)
    : headerFound(options.layout, text, name, decode)
}

/**
 * Recognises the layout of a source by its first line and reads no further.
 *
 * @throws KicError as `readRowBlocks` before its first block
 */
export const recogniseLayout = async (source: ByteSource, options: ReadOptions = {}): Promise<Layout> => {
  const name = nameOf(source, options.name)
  const table = await openAsTable(source, options, name)
  if (table !== undefined) {
    table.close()
    return table.layout
  }
  const opened = await openBytes(source, name, options.encoding)
  try {
    return layoutOf(opened.head, encodingAtStart(opened, name), options, name).layout
  } finally {
    await opened.close()
  }
}

/** State shared by the files of one reading. */
interface Reading {
  readonly options: ReadOptions
  readonly policy: RejectPolicy
  readonly ids: SeenIds
}

/** The content of a source, step by step. */
type Step = ReadRecords & Pick<ReadReport, 'encoding' | 'foundBy' | 'packing'>

const readerOf = (
  layout: Layout,
  name: string,
  { options, ids }: Reading,
  { addFiner, addOtherLetter }: LabelCounter,
): RecordReader => {
  const hasIds = layout.columns.some((column) => column.holds === 'id')
  const { classification, normalization, others, missingIds, finerCodes } = options
  ids.enter(name)
  return {
    layout,
    name,
    parseRow: createRowParser(layout, classification, name, normalization, {
      others,
      missingIds,
      finerCodes,
      onCut: addFiner,
      onOtherLetter: addOtherLetter,
    }),
    ids: hasIds && options.duplicateIds !== 'accept' ? ids : undefined,
    maxLineBytes: options.maxLineBytes ?? defaultMaxLineBytes,
  }
}

const cutRules = ({ layout, maxLineBytes }: RecordReader, body: Uint8Array, whole: boolean): CutRules => {
  const { delimiter, quoted, columns } = layout
  const byte = delimiter === 'none' || delimiter === 'json' ? undefined : delimiter.charCodeAt(0)
  const rules = { quoted: quoted === true, delimiter: byte, blockBytes, maxLineBytes }
  if (quoted !== 'whole-cells' || byte === undefined) return rules
  const cells = { delimiter: byte, width: columns.length }
  return { ...rules, wholeCells: { ...cells, throughout: isQuotedThroughout(body, cells, whole) } }
}

/** The bytes after the header. */
async function* behind(bytes: AsyncIterable<Uint8Array>, length: number): AsyncGenerator<Uint8Array> {
  let left = length
  for await (const piece of bytes) {
    const rest = piece.subarray(left)
    left = Math.max(0, left - piece.length)
    if (rest.length > 0) yield rest
  }
}

async function* readText(
  opened: OpenedBytes,
  found: FoundLayout,
  atStart: EncodingFound,
  reader: RecordReader,
): AsyncGenerator<Step> {
  const packing = opened.packing === undefined ? {} : { packing: opened.packing }
  const body = behind(opened.bytes, found.length)
  const rules = cutRules(reader, opened.head.subarray(found.length), opened.head.length < blockBytes)
  let encoding = atStart
  for await (const block of splitRecords(body, opened.bomBytes + found.length, rules, 1 + found.lines)) {
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
  const counterOf = (layout: Layout): LabelCounter => {
    const hasCodes = layout.columns.some(({ holds }) => holds === 'code')
    return createLabelCounter(options.classification, hasCodes)
  }
  const describe = (layout: Layout, labels: LabelCounter): ((step: Step) => RowBlock) => {
    const others = options.others === 'keep' ? { others: otherColumns(layout) } : {}
    const answered = answeredLabels(layout)
    return ({ packing, encoding, foundBy, ...found }) => {
      policy.accept(name, found.rejects)
      rows += found.rows.length
      labelled += found.labelled
      blankLines += found.blankLines
      rejects += found.rejects.length
      for (const row of found.rows) if (row.labels !== undefined) labels.add(row.labels)
      for (const { reason } of found.rejects) rejectsByReason[reason] = (rejectsByReason[reason] ?? 0) + 1
      const how = { encoding, foundBy, ...(packing === undefined ? {} : { packing }), ...normalization }
      const [lostZeros, otherLetters] = [labels.lostZeros(), labels.otherLetters()]
      const counts = {
        rows,
        labelled,
        labelledTo: labels.labelledTo(),
        ...(lostZeros === undefined ? {} : { lostZeros }),
        ...(otherLetters === undefined ? {} : { otherLetters }),
        ...(answered.length === 0 ? {} : { answered }),
        rejects,
        rejectsByReason: { ...rejectsByReason },
        blankLines,
      }
      return {
        rows: found.rows,
        rejects: found.rejects,
        ...others,
        report: { name, layout: layout.name, ...how, ...counts },
      }
    }
  }
  const table = await openAsTable(source, options, name)
  if (table !== undefined) {
    try {
      const labels = counterOf(table.layout)
      const reader = readerOf(table.layout, name, reading, labels)
      const blockOf = describe(table.layout, labels)
      const found = { encoding: 'utf-8', foundBy: 'format' } as const
      for await (const { records, rejects: uncut, blankLines: blank } of table.blocks())
        yield blockOf({ ...parseRecords(records, reader, uncut), ...found, blankLines: blank })
    } finally {
      table.close()
    }
  } else {
    const opened = await openBytes(source, name, options.encoding)
    try {
      const encoding = encodingAtStart(opened, name)
      const found = layoutOf(opened.head, encoding, options, name)
      const labels = counterOf(found.layout)
      const blockOf = describe(found.layout, labels)
      const reader = readerOf(found.layout, name, reading, labels)
      for await (const step of readText(opened, found, encoding, reader)) yield blockOf(step)
    } finally {
      await opened.close()
    }
  }
  if (rows + rejects === 0)
    throw new KicError<DataErrorCode>(
      'data/empty-file',
      `${name}: the source must have rows, received only a header or blank lines. Choose another file.`,
    )
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
 * together are the whole source: nothing is dropped.
 *
 * - Format: text (also JSON lines), gzipped text, Parquet or XLSX (a path or all bytes), recognised by the first bytes.
 * - Layout: `options.layout`, or recognised by the first line (`sniffLayout`) or the given column names.
 * - Encoding: `options.encoding`, a byte order mark, UTF-16 by its zero bytes, or the first block of 256 KiB that is
 *   not plain ASCII: UTF-8 if all of it is valid UTF-8, unless only cp949 gives Hangul; otherwise the encoding with
 *   fewer undecodable rows. An undecodable byte makes its row a reject; there are no replacement characters.
 * - A bad row throws. With `rejects: 'collect'` it is returned beside the rows, up to `rejectLimit`, and written to
 *   `rejectsFile`.
 *
 * @throws KicError `data/missing-file`, `data/not-a-file`, `data/unreadable-file`, `data/empty-file`, `data/not-text`,
 * `data/damaged-gzip`, `data/wrong-encoding`, `data/damaged-parquet`, `data/nested-parquet`, `data/damaged-xlsx`,
 * `data/unreadable-workbook`, `data/unknown-sheet`, `data/wrong-header`, `data/unknown-column`, `data/unknown-format`;
 * `data/<reason>` for a bad row; `data/too-many-rejects`
 */
export const readRowBlocks = (source: ByteSource, options: ReadOptions = {}): AsyncGenerator<RowBlock> =>
  readSources([{ source, name: nameOf(source, options.name) }], options)

/**
 * Reads several files one after the other, each as `readRowBlocks` does. Ids are compared and rejects are counted over
 * all of them, and each file may have its own format. Files are called by their paths; a block's report is about its
 * own file.
 *
 * @throws KicError as `readRowBlocks`
 */
export const readFiles = (
  paths: readonly string[],
  options: Omit<ReadOptions, 'name'> = {},
): AsyncGenerator<RowBlock> =>
  readSources(
    paths.map((path) => ({ source: path, name: path })),
    options,
  )
