import { KicError } from '@kic/core'
import type { ByteSource } from './open-bytes.ts'
import type { ReadReport } from './read-report.ts'
import { type ReadOptions, type RowBlock, readRowBlocks } from './read-row-blocks.ts'
import type { Reject } from './reject.ts'
import type { RejectOptions } from './reject-policy.ts'
import type { Row } from './row.ts'

/** Everything a source holds, in memory. */
export interface CollectedRows {
  readonly rows: readonly Row[]
  readonly rejects: readonly Reject[]
  readonly report: ReadReport
}

/**
 * Reads all blocks into memory.
 *
 * @throws KicError whatever the blocks throw.
 */
export const collectRows = async (blocks: AsyncIterable<RowBlock>): Promise<CollectedRows> => {
  const rows: Row[] = []
  const rejects: Reject[] = []
  let report: ReadReport | undefined
  for await (const block of blocks) {
    for (const row of block.rows) rows.push(row)
    rejects.push(...block.rejects)
    report = block.report
  }
  if (report !== undefined) return { rows, rejects, report }
  throw new KicError('data/empty-file', 'collectRows: at least one block is needed, received none')
}

/**
 * Reads all rows of a file or a stream into memory: `readRowBlocks`, collected.
 *
 * @throws KicError as `readRowBlocks`.
 */
export const loadRows = (source: ByteSource, options: ReadOptions = {}): Promise<CollectedRows> =>
  collectRows(readRowBlocks(source, options))

/**
 * Reads rows one by one, in bounded memory. The first bad row throws: who wants to collect them needs `readRowBlocks`.
 *
 * @throws KicError as `readRowBlocks`.
 */
export async function* readRows(
  source: ByteSource,
  options: Omit<ReadOptions, keyof RejectOptions> = {},
): AsyncGenerator<Row> {
  for await (const block of readRowBlocks(source, { ...options, rejects: 'throw' })) yield* block.rows
}
