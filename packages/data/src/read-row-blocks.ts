import { basename } from 'node:path'
import { KicError } from '@kic/core'
import type { Hierarchy } from './hierarchy.ts'
import { ksic10 } from './ksic10.ts'
import type { Layout } from './layout.ts'
import { type ByteSource, type OpenedBytes, openBytes } from './open-bytes.ts'
import { createRowParser } from './parse-row.ts'
import { encodingAt, type RecordReader, readRecords } from './read-records.ts'
import type { EncodingFound, ReadReport } from './read-report.ts'
import type { Reject } from './reject.ts'
import { createRejectPolicy, type RejectOptions } from './reject-policy.ts'
import type { Row } from './row.ts'
import { checkHeader, sniffLayout } from './sniff-layout.ts'
import { splitRecords } from './split-records.ts'
import { decodeStrict, type TextEncoding } from './strict-decoding.ts'

/** How to read rows. */
export interface ReadOptions extends RejectOptions {
  /** Which codes there are; KSIC rev. 10 by default. */
  readonly hierarchy?: Hierarchy
  /** How lines become rows; recognised by the first line by default. */
  readonly layout?: Layout
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
  if (options.layout === undefined) return sniffLayout(line, options.hierarchy ?? ksic10, name)
  checkHeader(options.layout, line, name)
  return options.layout
}

const encodingAtStart = ({ bomBytes }: OpenedBytes, given: TextEncoding | undefined): EncodingFound => {
  if (given !== undefined) return { encoding: given, foundBy: 'option' }
  if (bomBytes > 0) return { encoding: 'utf-8', foundBy: 'byte order mark' }
  return { encoding: 'ascii', foundBy: 'bytes' }
}

/**
 * Recognises the layout of a source by its first line, without reading on.
 *
 * @throws KicError as `readRowBlocks` does before its first block.
 */
export const recogniseLayout = async (source: ByteSource, options: ReadOptions = {}): Promise<Layout> => {
  const name = nameOf(source, options.name)
  const opened = await openBytes(source, name, options.maxLineBytes ?? defaultMaxLineBytes)
  try {
    return layoutOf(opened, options, name)
  } finally {
    await opened.close()
  }
}

/**
 * Reads rows block by block, in memory bounded by a block and the ids seen. Rows, rejects, blank lines and the header
 * together are all that the source holds: nothing is dropped.
 *
 * - Layout: `options.layout`, or recognised by the first line (`sniffLayout`).
 * - Encoding: `options.encoding`, or UTF-8 after a byte order mark, or decided by the first block of 256 KiB that is not
 *   plain ASCII: UTF-8 if all of it is valid UTF-8, otherwise whichever of UTF-8 and cp949 leaves fewer rows
 *   undecodable. A byte that does not fit makes its row a reject; there are no replacement characters.
 * - A bad row throws, or with `rejects: 'collect'` is delivered beside the rows, up to `rejectLimit`.
 *
 * @throws KicError `data/missing-file`, `data/not-a-file`, `data/unreadable-file`, `data/empty-file`, `data/not-text`,
 * `data/wrong-header`, `data/unknown-format`; `data/<reason>` for a bad row; `data/too-many-rejects`.
 */
export async function* readRowBlocks(
  source: ByteSource,
  options: ReadOptions = {},
): AsyncGenerator<RowBlock> {
  const name = nameOf(source, options.name)
  const maxLineBytes = options.maxLineBytes ?? defaultMaxLineBytes
  const opened = await openBytes(source, name, maxLineBytes)
  try {
    const layout = layoutOf(opened, options, name)
    const compareIds =
      options.duplicateIds !== 'accept' && layout.columns.some((column) => column.holds === 'id')
    const reader: RecordReader = {
      layout,
      parseRow: createRowParser(layout, options.hierarchy ?? ksic10, name),
      ids: compareIds ? new Map() : undefined,
      maxLineBytes,
    }
    const policy = createRejectPolicy(name, options)
    const rules = { quoted: layout.quoted, blockBytes, maxLineBytes }
    let encoding = encodingAtStart(opened, options.encoding)
    let [rows, labelled, blankLines, rejects] = [0, 0, 0, 0]
    for await (const block of splitRecords(opened.bytes, opened.bomBytes, rules)) {
      encoding = encodingAt(block, encoding)
      const found = readRecords(block, reader, encoding)
      policy.accept(found.rejects)
      rows += found.rows.length
      labelled += found.labelled
      blankLines += found.blankLines
      rejects += found.rejects.length
      const counts = { rows, labelled, rejects, rejectsByReason: policy.byReason(), blankLines }
      const report = { name, layout: layout.name, ...encoding, ...counts }
      yield { rows: found.rows, rejects: found.rejects, report }
    }
    if (rows + rejects === 0)
      throw new KicError('data/empty-file', `${name} holds no rows: nothing but a header or blank lines`)
  } finally {
    await opened.close()
  }
}
