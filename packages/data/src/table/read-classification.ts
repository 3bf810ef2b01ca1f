import {
  type ClassificationTableOptions,
  type ParsedClassification,
  parseClassification,
} from '@kic/classification'
import type { ByteSource } from '../read/open-bytes.ts'
import { readTable, type TableFileOptions, tableName } from './read-table.ts'

/** How a file of classes is read. */
export interface ReadClassificationOptions extends ClassificationTableOptions, TableFileOptions {}

/**
 * Reads a classification from a file as statistics offices publish it, CSV, TSV, XLSX or Parquet, by
 * `parseClassification` of `@kic/classification`; it is called as the file is, unless `name` says otherwise.
 *
 * @throws KicError as `readTable` and `parseClassification`
 */
export const readClassification = async (
  source: ByteSource,
  options: ReadClassificationOptions = {},
): Promise<ParsedClassification> => {
  const file = tableName(source)
  const records = await readTable(source, options)
  return parseClassification(records, { source: file, name: file.replace(/(\.\w+)(\.gz)?$/, ''), ...options })
}
