import { KicError } from '@kic/core'
import type { DataErrorCode } from '../error-code.ts'
import type { Row } from '../row.ts'
import type { ByteSource } from './open-bytes.ts'
import type { ReadOptions } from './read-options.ts'
import { combineReports, type ReadReport } from './read-report.ts'
import { type RowBlock, readFiles, readRowBlocks } from './read-row-blocks.ts'
import type { Reject } from './reject.ts'
import type { RejectOptions } from './reject-policy.ts'

/** The content of one or several sources, in memory. */
export interface CollectedRows {
  readonly rows: readonly Row[]
  readonly rejects: readonly Reject[]
  /** The report over all sources. */
  readonly report: ReadReport
  /** The report of each source. */
  readonly reports: readonly ReadReport[]
}

/**
 * Reads all blocks into memory.
 *
 * @throws KicError any error of the blocks
 */
export const collectRows = async (blocks: AsyncIterable<RowBlock>): Promise<CollectedRows> => {
  const rows: Row[] = []
  const rejects: Reject[] = []
  const latest = new Map<string, ReadReport>()
  for await (const block of blocks) {
    for (const row of block.rows) rows.push(row)
    for (const reject of block.rejects) rejects.push(reject)
    latest.set(block.report.name, block.report)
  }
  const reports = [...latest.values()]
  const report = combineReports(reports)
  if (report !== undefined) return { rows, rejects, report, reports }
  throw new KicError<DataErrorCode>(
    'data/empty-file',
    'collectRows: at least one block is required, received none. Read a file with rows.',
  )
}

/**
 * Reads all rows of a file or a stream into memory: `readRowBlocks`, collected.
 *
 * @throws KicError as `readRowBlocks`
 */
export const loadRows = (source: ByteSource, options: ReadOptions = {}): Promise<CollectedRows> =>
  collectRows(readRowBlocks(source, options))

/**
 * Reads all rows of several files into memory: `readFiles`, collected.
 *
 * @throws KicError as `readFiles`
 */
export const loadFiles = (
  paths: readonly string[],
  options: Omit<ReadOptions, 'name'> = {},
): Promise<CollectedRows> => collectRows(readFiles(paths, options))

/**
 * Reads rows one by one, in bounded memory. The first bad row throws; to collect bad rows, use `readRowBlocks`.
 *
 * @throws KicError as `readRowBlocks`
 */
export async function* readRows(
  source: ByteSource,
  options: Omit<ReadOptions, keyof RejectOptions> = {},
): AsyncGenerator<Row> {
  for await (const block of readRowBlocks(source, { ...options, rejects: 'throw' })) yield* block.rows
}
