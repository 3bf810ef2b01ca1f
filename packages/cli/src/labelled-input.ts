import { basename } from 'node:path'
import { type Classification, levelNames } from '@kic/classification'
import { KicError } from '@kic/core'
import type { LabelledText } from '@kic/predictor'
import { defaultClassification, handWrittenRows } from './default-classification.ts'
import type { CliErrorCode } from './error-code.ts'
import { describeLostZeros, describeUnlabelled, lostZeros } from './input/left-out.ts'
import { readAllRows } from './input/read-all-rows.ts'
import { type ReadingOptions, readOptions } from './input/reading-options.ts'
import type { Io } from './io.ts'

/** Labelled rows and their description. */
export interface LabelledInput {
  readonly rows: readonly LabelledText[]
  readonly name: string
}

/**
 * The labelled rows of files, or the hand-written answers of `@kic/korean-answers` if there are no files. Rows without a
 * label are left out and counted on standard error.
 *
 * @param command the name of the command, for messages
 * @param classification the classification of the labels
 * @param levels the levels to evaluate, coarsest first
 * @throws KicError `cli/no-labels`, and as `readAllRows`
 */
export const labelledInput = async (
  command: string,
  paths: readonly string[],
  options: ReadingOptions,
  { classification, levels }: { readonly classification: Classification; readonly levels: readonly string[] },
  io: Io,
): Promise<LabelledInput> => {
  if (paths.length === 0) return handWritten(command, levels)
  const reading = { ...readOptions(options), classification }
  const rows = await readAllRows(command, paths, reading, options.skipBadRows === true, io)
  const labelled = rows.flatMap(({ text, labels }) => (labels === undefined ? [] : [{ text, labels }]))
  const [coarsest = '', own = ''] = [levels[0], levels.at(-1)]
  const unlabelled = describeUnlabelled(rows, classification, coarsest, 'are left out')
  if (labelled.length === 0) {
    throw new KicError<CliErrorCode>(
      'cli/no-labels',
      `${command}: rows must be labelled at a level of the model (${levelNames(classification).join(', ')}), received none. ` +
        `${unlabelled} Map the columns with --columns.`,
    )
  }
  if (unlabelled !== '') io.err(`${unlabelled}\n`)
  const lost = lostZeros(rows, classification, own)
  if (lost.length > 0) io.err(`warning: codes may have lost a zero.${describeLostZeros(lost, own)}\n`)
  return {
    rows: labelled,
    name: `${labelled.length} ${labelled.length === 1 ? 'row' : 'rows'} of ${paths.map((path) => basename(path)).join(', ')}`,
  }
}

const handWritten = async (command: string, levels: readonly string[]): Promise<LabelledInput> => {
  const known = levelNames(defaultClassification)
  if (levels.every((level) => known.includes(level))) return handWrittenRows()
  throw new KicError<CliErrorCode>(
    'cli/no-labels',
    `${command}: without files, the model must have the levels ${known.join(', ')}, received one with ${levels.join(', ')}. ` +
      'Provide a file of labelled rows.',
  )
}
