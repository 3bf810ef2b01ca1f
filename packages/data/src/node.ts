export { loadNaics } from './naics/load-naics.ts'
export { loadPreparation, savePreparation } from './prepare/preparation-file.ts'
export {
  type CollectedRows,
  collectRows,
  loadFiles,
  loadRows,
  readRows,
} from './read/collect-rows.ts'
export { hashFiles } from './read/hash-files.ts'
export type { ByteSource } from './read/open-bytes.ts'
export {
  type Dataset,
  type DatasetPart,
  type OpenDatasetOptions,
  openDataset,
  type PartRole,
} from './read/open-dataset.ts'
export type { ReadOptions } from './read/read-options.ts'
export { describeReport, type EncodingFound, type ReadReport } from './read/read-report.ts'
export { type RowBlock, readFiles, readRowBlocks, recogniseLayout } from './read/read-row-blocks.ts'
export type { RejectOptions } from './read/reject-policy.ts'
export type { TextEncoding } from './read/strict-decoding.ts'
export { type ReadClassificationOptions, readClassification } from './table/read-classification.ts'
export { type ReadCorrespondenceOptions, readCorrespondence } from './table/read-correspondence.ts'
export { readTable, type TableFileOptions } from './table/read-table.ts'
export { encodeText, firstUnencodable, type OutputEncoding, type Unencodable } from './write/encode-text.ts'
export { type FileReject, writeRejects } from './write/rejects-file.ts'
export { type CompetitionFileOptions, writeCompetitionFile } from './write/write-competition-file.ts'
export type { WriteOptions } from './write/write-lines.ts'
export {
  checkSubmission,
  type SubmissionOptions,
  type SubmissionReport,
  type SubmissionRules,
  writeSubmission,
} from './write/write-submission.ts'
export { openXlsxWriter, type XlsxWriter, type XlsxWriterOptions } from './xlsx/xlsx-writer.ts'
