export type { DataErrorCode } from './error-code.ts'
export { type NaicsDataset, type NaicsEntry, naicsDataset } from './naics/naics-dataset.ts'
export { type NaicsText, type NaicsTextKind, naicsTexts } from './naics/naics-texts.ts'
export { normalizeText, type TextNormalization } from './prepare/unicode-normalization.ts'
export type { ColumnNames } from './read/columns-layout.ts'
export { describeOtherLetters, type LostZeros, type OtherLetters } from './read/count-labels.ts'
export { freeName } from './read/header-name.ts'
export {
  answerSheetLayout,
  type Column,
  competitionLayout,
  type Layout,
  plainTextLayout,
  textCodeLayout,
} from './read/layout.ts'
export { createRowParser, isReject, type RowParser, type RowParserOptions } from './read/parse-row.ts'
export type { FinerCodes } from './read/read-labels.ts'
export type { Reject, RejectReason } from './read/reject.ts'
export { checkHeader, namedColumnsLayout, sniffLayout } from './read/sniff-layout.ts'
export { joinFields, type Row, type RowFields, singleSpaced } from './row.ts'
export { assignParts, type SplitColumns } from './split/assign-parts.ts'
export { type BalanceOptions, type ClassedRow, capClasses, upSample } from './split/balance-rows.ts'
export {
  type ComparableRow,
  type Deduplicated,
  type DeduplicateOptions,
  deduplicateRows,
  type LabelConflict,
} from './split/deduplicate-rows.ts'
export { type LabelCoverage, labelCoverage } from './split/label-coverage.ts'
export { crossValidate, findLabelNoise, type NoisyLabel } from './split/label-noise.ts'
export {
  type Fold,
  type FoldOptions,
  foldNumbers,
  foldRows,
  type SplitOptions,
  type SplittableRow,
  splitRows,
} from './split/split-rows.ts'
export { textKey, textKeyHash } from './split/text-key.ts'
export { csvCell, csvLine, looksLikeFormula } from './write/csv-cell.ts'
export { listedLabel } from './write/listed-label.ts'
