import { type Classification, levelNames } from '@kic/classification'
import { KicError } from '@kic/core'
import type { LabelledText } from '@kic/predictor'
import { defaultClassification } from '../default-classification.ts'
import type { CliErrorCode } from '../error-code.ts'
import { describeUnlabelled } from '../input/left-out.ts'
import { type PlacedRow, readAllRows } from '../input/read-all-rows.ts'
import { type ReadingOptions, readOptions } from '../input/reading-options.ts'
import { OWN_LEVEL } from '../input/recognise-columns.ts'
import type { Io } from '../io.ts'
import { findLabelSet, type LabelChoice } from './label-set.ts'

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
  const { labels: choice, level: requested } = options
  const set = await findLabelSet(paths, reading, { choice, level: requested, known: defaultClassification })
  const own = set.kind === 'own'
  if (own && requested !== undefined && requested !== OWN_LEVEL) {
    throw new KicError<CliErrorCode>(
      'cli/level',
      `kic train: your own labels have no levels, received --level ${requested}. Leave it out, or set --labels codes.`,
    )
  }
  const level = own ? OWN_LEVEL : learnedLevel(set.classification, requested)
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

/**
 * The level whose codes are the classes: the requested one, or the finest.
 *
 * @throws KicError `cli/level` if the classification has no such level
 */
export const learnedLevel = (classification: Classification, requested: string | undefined): string => {
  const levels = levelNames(classification)
  const level = requested ?? levels.at(-1) ?? ''
  if (levels.includes(level)) return level
  throw new KicError<CliErrorCode>(
    'cli/level',
    `kic train: --level must be one of ${levels.join(', ')}, received ${level}. Choose one of them.`,
  )
}

/** Rows with a label at a level. */
export const withLabels = <R extends { readonly labels?: LabelledText['labels'] | undefined }>(
  rows: readonly R[],
  level: string,
) => rows.flatMap((row) => (row.labels?.[level] === undefined ? [] : [{ ...row, labels: row.labels }]))
