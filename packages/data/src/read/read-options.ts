import type { Classification } from '@kic/classification'
import type { TextNormalization } from '../prepare/unicode-normalization.ts'
import type { ColumnNames } from './columns-layout.ts'
import type { Layout } from './layout.ts'
import type { FinerCodes } from './read-labels.ts'
import type { RejectOptions } from './reject-policy.ts'
import type { TextEncoding } from './strict-decoding.ts'

/** Options for reading rows. */
export interface ReadOptions extends RejectOptions {
  /** The classification of the labels; without one, labels are texts as they are written, and unchecked. */
  readonly classification?: Classification | undefined
  /** The mapping from lines to rows; recognised by the first line by default. */
  readonly layout?: Layout | undefined
  /** Column names for a header with other names; they determine the layout. */
  readonly columns?: ColumnNames | undefined
  /** The normalisation rule of texts; `none` by default. Fields stay unchanged. */
  readonly normalization?: TextNormalization | undefined
  /** Detected from the bytes by default. */
  readonly encoding?: TextEncoding | undefined
  /** The name of the sheet of an XLSX workbook; by default the first visible one. */
  readonly sheet?: string | undefined
  /** Whether other columns are dropped (default) or kept in `others` of rows and rejects. */
  readonly others?: 'drop' | 'keep' | undefined
  /**
   * Whether a code that is finer than the classification, has its section's letter, or is a spreadsheet number ('33411',
   * 'G334', '334.0') is a reject (default) or is cut to the finest level.
   */
  readonly finerCodes?: FinerCodes | undefined
  /** The name of the source in ids, errors and reports; by default the name of the file, or `rows`. */
  readonly name?: string | undefined
  /** Whether a row with a repeated id is a reject (default) or is accepted (ids are then not remembered). */
  readonly duplicateIds?: 'reject' | 'accept' | undefined
  /**
   * Whether a row without an id is a reject (default) or is called `<file>:<line>`, as in a file without a column of
   * ids.
   */
  readonly missingIds?: 'reject' | 'accept' | undefined
  /** Longest line in bytes; 1 MiB by default. Longer lines are rejects and never held in memory. */
  readonly maxLineBytes?: number | undefined
}
