export { ancestorFault } from './ancestor-fault.ts'
export { type AncestorLevel, type AncestorOptions, ancestorLevels } from './ancestor-levels.ts'
export {
  type Classification,
  type ClassificationLevel,
  type ClassificationNode,
  createClassification,
  type Labels,
} from './classification.ts'
export { codeIndex, codesOf, levelOf, nodeOf } from './codes-of.ts'
export {
  type Correspondence,
  createCorrespondence,
  type Translated,
  translateLabels,
} from './correspondence.ts'
export { type CutCode, cutCode } from './cut-code.ts'
export type { ClassificationErrorCode } from './error-code.ts'
export { type FoundClass, findClasses } from './find-classes.ts'
export { flatClassification } from './flat-classification.ts'
export { labelNumbers, labelsOfNumbers } from './label-numbers.ts'
export { ancestorsOf, childrenOf, isConsistent, labelsOf, parentOf } from './labels-of.ts'
export { finestLevel, levelNames } from './level-names.ts'
export { type NumberedLevel, numberedLevels } from './numbered-levels.ts'
export { restoreCode } from './restore-code.ts'
export { restrictClassification } from './restrict-classification.ts'
export type { CorrespondenceColumnNames } from './table/correspondence-columns.ts'
export type { HeaderWords } from './table/header-words.ts'
export type { Nesting } from './table/list-entries.ts'
export { type ParsedClassification, parseClassification } from './table/parse-classification.ts'
export {
  type CorrespondenceTableOptions,
  type ParsedCorrespondence,
  parseCorrespondence,
} from './table/parse-correspondence.ts'
export type { CodeNesting } from './table/place-by-code.ts'
export type { TableColumnNames } from './table/table-columns.ts'
export type { ClassificationTableOptions } from './table/table-options.ts'
export type { TableRecord, TableRecords } from './table/table-record.ts'
export type { RestoredCode } from './table/with-zeros.ts'
