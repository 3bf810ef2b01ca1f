import { type Classification, levelNames } from '@kic/classification'
import { ksic10 } from '@kic/classification/ksic'
import { KicError } from '@kic/core'
import type { LabelledText } from '@kic/predictor'
import type { CliErrorCode } from '../error-code.ts'
import { describeUnlabelled } from '../input/left-out.ts'
import { type PlacedRow, readAllRows } from '../input/read-all-rows.ts'
import { type ReadingOptions, readOptions } from '../input/reading-options.ts'
import type { Io } from '../io.ts'
import { findLabelSet, type LabelChoice, OWN_LEVEL } from './label-set.ts'

/** Rows to learn from, all labelled at one level. */
export interface TrainingRows {
  readonly rows: readonly (LabelledText & { readonly id: string; readonly line: number })[]
  /** `undefined` for labels of one's own. */
  readonly classification: Classification | undefined
  /** The level whose codes are the classes. */
  readonly level: string
}

export interface TrainingRowsOptions extends ReadingOptions {
  readonly labels: LabelChoice
  readonly level?: string | undefined
}

/** The level that is learned where nobody says which. */
const DEFAULT_LEVEL = 'group'

/**
 * The labelled rows of files. Rows without a label at the level are left out and counted on standard error, with the likely cause.
 *
 * @throws KicError `cli/no-labels`, `cli/level`, and as `findLabelSet` and `readAllRows`
 */
export const trainingRows = async (
  paths: readonly string[],
  options: TrainingRowsOptions,
  io: Io,
): Promise<TrainingRows> => {
  const reading = readOptions(options)
  const set = await findLabelSet(paths, reading, options.labels, options.level)
  const own = set.classification !== ksic10
  const level = own ? OWN_LEVEL : (options.level ?? DEFAULT_LEVEL)
  if (own && options.level !== undefined && options.level !== OWN_LEVEL) {
    throw new KicError<CliErrorCode>(
      'cli/level',
      `kic train: labels of your own have no levels, received --level ${options.level}. Leave it out, or say --labels ksic.`,
    )
  }
  if (set.note !== undefined) io.err(`${set.note}\n`)
  const rows: PlacedRow[] = []
  const groups = own ? paths.map((path) => [path]) : [paths]
  for (const group of groups) {
    const how = set.reading(group[0] ?? '')
    const found = await readAllRows(
      'kic train',
      group,
      { ...reading, ...how },
      options.skipBadRows === true,
      io,
    )
    for (const row of found) rows.push(row)
  }
  const labelled = withLabels(rows, level)
  const leftOut = describeUnlabelled(rows, set.classification, level, 'are left out')
  if (labelled.length > 0) {
    if (leftOut !== '') io.err(`${leftOut}\n`)
    return { rows: labelled, classification: own ? undefined : set.classification, level }
  }
  throw new KicError<CliErrorCode>(
    'cli/no-labels',
    `kic train: rows must be labelled at the level ${level}. ${leftOut} Choose among ${levelNames(set.classification).join(', ')} with ` +
      '--level, or name the columns with --columns.',
  )
}

/** Rows with a label at a level. */
export const withLabels = <R extends { readonly labels?: LabelledText['labels'] | undefined }>(
  rows: readonly R[],
  level: string,
) => rows.flatMap((row) => (row.labels?.[level] === undefined ? [] : [{ ...row, labels: row.labels }]))
