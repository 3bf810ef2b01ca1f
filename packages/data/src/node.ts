export {
  type CollectedRows,
  collectRows,
  loadFiles,
  loadRows,
  readRows,
} from './collect-rows.ts'
export { encodeText, firstUnencodable, type OutputEncoding, type Unencodable } from './encode-text.ts'
export { hashFiles } from './hash-files.ts'
export { loadNaics } from './load-naics.ts'
export type { ByteSource } from './open-bytes.ts'
export {
  type Dataset,
  type DatasetPart,
  type OpenDatasetOptions,
  openDataset,
  type PartRole,
} from './open-dataset.ts'
export { loadPreparation, savePreparation } from './prepare/preparation-file.ts'
export { describeReport, type EncodingFound, type ReadReport } from './read-report.ts'
export {
  type ReadOptions,
  type RowBlock,
  readFiles,
  readRowBlocks,
  recogniseLayout,
} from './read-row-blocks.ts'
export type { RejectOptions } from './reject-policy.ts'
export { type FileReject, writeRejects } from './rejects-file.ts'
export type { TextEncoding } from './strict-decoding.ts'
export { type CompetitionFileOptions, writeCompetitionFile } from './write-competition-file.ts'
export type { WriteOptions } from './write-lines.ts'
export {
  checkSubmission,
  type SubmissionOptions,
  type SubmissionReport,
  writeSubmission,
} from './write-submission.ts'
export { openXlsxWriter, type XlsxWriter, type XlsxWriterOptions } from './xlsx/xlsx-writer.ts'
