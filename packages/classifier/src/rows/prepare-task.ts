import { loadPreparation } from '@kic/data/node'
import {
  defaultPreparation,
  describePreparation,
  PREPARATION_FILE,
  prepareRows,
  type TextPreparation,
} from '@kic/data/prepare'
import { modelFolder } from '../start/starting-encoder.ts'
import type { ProgressOutput } from '../train/progress-output.ts'
import type { TaskRow } from './task-rows.ts'

/**
 * How the texts of a training are prepared: as for the model that it begins with, by default from scratch. Where a model does
 * not say how, that is said.
 *
 * @param from the folder of a saved model, or an id of the Hub
 * @throws KicError `data/preparation`, and as `resolveModel`
 */
export const preparationFor = async (
  from: string | undefined,
  output: ProgressOutput,
): Promise<TextPreparation> => {
  if (from === undefined) return defaultPreparation
  const download = output.counting(`download ${from}`, 'MB')
  const folder = await modelFolder(from, download.update).finally(download.end)
  const saved = await loadPreparation(folder)
  if (saved === undefined) {
    output.say(
      `${from} has no ${PREPARATION_FILE} that says how texts were prepared for it; they are prepared by default: ` +
        describePreparation(defaultPreparation),
    )
  }
  return saved ?? defaultPreparation
}

/** Rows with their texts prepared. Those of blank texts are left out, and counted. */
export const preparedRows = <R extends Pick<TaskRow, 'text'>>(
  rows: readonly R[],
  preparation: TextPreparation,
  output: Pick<ProgressOutput, 'say'>,
): readonly R[] => {
  const prepared = prepareRows(rows, preparation)
  const { length } = prepared.empty
  if (length > 0)
    output.say(`${length} of ${rows.length} rows are left out: their texts hold nothing that is seen`)
  return prepared.rows
}
