export { assignParts, type SplitColumns } from './assign-parts.ts'
export { type AugmentOptions, createAugmenter } from './augment-row.ts'
export { type BalanceOptions, type ClassedRow, capClasses, upSample } from './balance-rows.ts'
export type { ColumnNames } from './columns-layout.ts'
export {
  type Correspondence,
  createCorrespondence,
  type Translated,
  translateLabels,
} from './correspondence.ts'
export { describeOtherLetters, type LostZeros, type OtherLetters } from './count-labels.ts'
export { csvCell, csvLine, looksLikeFormula } from './csv-cell.ts'
export { type CutCode, cutCode } from './cut-code.ts'
export {
  type ComparableRow,
  type Deduplicated,
  type DeduplicateOptions,
  deduplicateRows,
  type LabelConflict,
} from './deduplicate-rows.ts'
export type { EvaluationRow } from './evaluation/evaluation-row.ts'
export { evaluationRows } from './evaluation/rows.ts'
export { flatHierarchy } from './flat-hierarchy.ts'
export { answerToRow, type GroupedAnswer } from './generator/answer-to-row.ts'
export { type GeneratedRow, type GenerateRowsOptions, generateRows } from './generator/generate-rows.ts'
export {
  ancestorsOf,
  childrenOf,
  codeIndex,
  codesOf,
  createHierarchy,
  finestLevel,
  type Hierarchy,
  type HierarchyLevel,
  type HierarchyNode,
  isConsistent,
  type Labels,
  labelsOf,
  levelNames,
  levelOf,
  type NumberedLevel,
  nodeOf,
  numberedLevels,
  parentOf,
  restoreCode,
  restrictHierarchy,
} from './hierarchy.ts'
export { ksic10, ksic10AbsentGroups, ksic10Occurring } from './ksic10.ts'
export { type LabelCoverage, labelCoverage } from './label-coverage.ts'
export { crossValidate, findLabelNoise, type NoisyLabel } from './label-noise.ts'
export {
  answerSheetLayout,
  type Column,
  competitionLayout,
  type Layout,
  plainTextLayout,
  textCodeLayout,
} from './layout.ts'
export { lexicon } from './lexicon/lexicon.ts'
export type { LexiconEntry } from './lexicon/lexicon-entry.ts'
export { type NaicsDataset, type NaicsEntry, naicsDataset } from './naics-dataset.ts'
export { type NaicsText, type NaicsTextKind, naicsTexts } from './naics-texts.ts'
export { createRowParser, isReject, type RowParser, type RowParserOptions } from './parse-row.ts'
export type { FinerCodes } from './read-labels.ts'
export type { Reject, RejectReason } from './reject.ts'
export { joinFields, type Row, type RowFields, singleSpaced } from './row.ts'
export { checkHeader, namedColumnsLayout, sniffLayout } from './sniff-layout.ts'
export {
  type Fold,
  type FoldOptions,
  foldNumbers,
  foldRows,
  type SplitOptions,
  type SplittableRow,
  splitRows,
} from './split-rows.ts'
export { textKey, textKeyHash } from './text-key.ts'
export { normalizeText, type TextNormalization } from './unicode-normalization.ts'
