import { ksic10 } from '@kic/classification/ksic'
import * as collecting from '../read/collect-rows.ts'
import * as datasets from '../read/open-dataset.ts'
import * as blocks from '../read/read-row-blocks.ts'
import * as competition from '../write/write-competition-file.ts'
import * as submission from '../write/write-submission.ts'

/** An options object with KSIC rev. 10, unless it has another classification. */
const byKsic = <T extends object>(options?: T) => ({ classification: ksic10, ...options })

type Reading = Parameters<typeof collecting.loadRows>[1]

/** The readers and writers of files whose labels are codes of KSIC rev. 10. */
export const loadRows = (source: Parameters<typeof collecting.loadRows>[0], options?: Reading) =>
  collecting.loadRows(source, byKsic(options))

export const loadFiles = (paths: readonly string[], options?: Parameters<typeof collecting.loadFiles>[1]) =>
  collecting.loadFiles(paths, byKsic(options))

export const readRows = (source: Parameters<typeof collecting.readRows>[0], options?: Reading) =>
  collecting.readRows(source, byKsic(options))

export const readRowBlocks = (source: Parameters<typeof blocks.readRowBlocks>[0], options?: Reading) =>
  blocks.readRowBlocks(source, byKsic(options))

export const readFiles = (paths: readonly string[], options?: Parameters<typeof blocks.readFiles>[1]) =>
  blocks.readFiles(paths, byKsic(options))

export const recogniseLayout = (source: Parameters<typeof blocks.recogniseLayout>[0], options?: Reading) =>
  blocks.recogniseLayout(source, byKsic(options))

export const openDataset = (spec: string, options?: datasets.OpenDatasetOptions) =>
  datasets.openDataset(spec, byKsic(options))

export const writeCompetitionFile = (
  path: string,
  rows: Parameters<typeof competition.writeCompetitionFile>[1],
  options?: Partial<competition.CompetitionFileOptions>,
) => competition.writeCompetitionFile(path, rows, byKsic(options))

export const writeSubmission = (
  path: string,
  rows: Parameters<typeof submission.writeSubmission>[1],
  predictions: Parameters<typeof submission.writeSubmission>[2],
  options?: Partial<submission.SubmissionOptions>,
) => submission.writeSubmission(path, rows, predictions, byKsic(options))
