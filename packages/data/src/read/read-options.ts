import type { Classification } from '@kic/classification'
import type { TextNormalization } from '../prepare/unicode-normalization.ts'
import type { ColumnNames } from './columns-layout.ts'
import type { Layout } from './layout.ts'
import type { FinerCodes } from './read-labels.ts'
import type { RejectOptions } from './reject-policy.ts'
import type { TextEncoding } from './strict-decoding.ts'

/** How to read rows. */
export interface ReadOptions extends RejectOptions {
  /** Which codes there are; KSIC rev. 10 by default. */
  readonly classification?: Classification | undefined
  /** How lines become rows; recognised by the first line by default. */
  readonly layout?: Layout | undefined
  /** The columns wanted, by name, of a file whose header has other names; the layout is then found by them. */
  readonly columns?: ColumnNames | undefined
  /** The rule by which texts are normalised; `none` by default. Fields stay as they are. */
  readonly normalization?: TextNormalization | undefined
  /** Found by the bytes by default. */
  readonly encoding?: TextEncoding | undefined
  /** The name of the sheet of an XLSX workbook; by default the first one that is not hidden. */
  readonly sheet?: string | undefined
  /** Whether columns that are not understood are dropped, the default, or kept in `others` of rows and rejects. */
  readonly others?: 'drop' | 'keep' | undefined
  /**
   * Whether a code finer than the classification, or one with its section's letter or as a spreadsheet's number
   * ('33411', 'G334', '334.0'), is a reject, the default, or cut to the finest level.
   */
  readonly finerCodes?: FinerCodes | undefined
  /** What the source is called in ids, errors and reports: by default the name of the file, `rows` without one. */
  readonly name?: string | undefined
  /** Whether a row whose id came before is a reject, the default, or accepted (ids are then not remembered). */
  readonly duplicateIds?: 'reject' | 'accept' | undefined
  /** Whether a row whose id is empty is a reject, the default, or called `<file>:<line>`, as where there is no column of ids. */
  readonly missingIds?: 'reject' | 'accept' | undefined
  /** Longest line in bytes; 1 MiB by default. Longer ones are rejects and never held in memory. */
  readonly maxLineBytes?: number | undefined
}
