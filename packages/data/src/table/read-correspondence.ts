import {
  type Classification,
  type CorrespondenceTableOptions,
  type ParsedCorrespondence,
  parseCorrespondence,
} from '@kic/classification'
import type { ByteSource } from '../read/open-bytes.ts'
import { readTable, type TableFileOptions, tableName } from './read-table.ts'

/** How a file of pairs is read. */
export interface ReadCorrespondenceOptions extends CorrespondenceTableOptions, TableFileOptions {}

/**
 * Reads a correspondence table between two revisions from a file, CSV, TSV, XLSX or Parquet, by `parseCorrespondence` of
 * `@kic/classification`.
 *
 * @throws KicError as `readTable` and `parseCorrespondence`
 */
export const readCorrespondence = async (
  source: ByteSource,
  from: Classification,
  to: Classification,
  level: string,
  options: ReadCorrespondenceOptions = {},
): Promise<ParsedCorrespondence> => {
  const records = await readTable(source, options)
  return parseCorrespondence(records, from, to, level, { source: tableName(source), ...options })
}
