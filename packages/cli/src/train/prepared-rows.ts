import { describePreparation, prepareRows, type TextPreparation } from '@kic/data/prepare'
import type { Io } from '../io.ts'

/**
 * How the texts of a run are prepared: as for the model that it begins with, by default from scratch. Where a model does not
 * say how, that is told on standard error.
 *
 * @param from the folder of a saved model
 * @throws KicError `data/preparation`
 */
export const preparationOf = async (from: string | undefined, io: Io): Promise<TextPreparation> => {
  const [{ loadPreparation }, { defaultPreparation, PREPARATION_FILE }] = await Promise.all([
    import('@kic/data/node'),
    import('@kic/data/prepare'),
  ])
  if (from === undefined) return defaultPreparation
  const saved = await loadPreparation(from)
  if (saved === undefined) {
    io.err(
      `${from} has no ${PREPARATION_FILE} that says how texts were prepared for it; they are prepared by default: ` +
        `${describePreparation(defaultPreparation)}\n`,
    )
  }
  return saved ?? defaultPreparation
}

/** Rows with their texts prepared. Those of blank texts are left out, and counted on standard error. */
export const preparedRows = <R extends { readonly text: string }>(
  rows: readonly R[],
  preparation: TextPreparation,
  io: Io,
): readonly R[] => {
  const prepared = prepareRows(rows, preparation)
  const { length } = prepared.empty
  if (length > 0)
    io.err(`${length} of ${rows.length} rows are left out: their texts hold nothing that is seen\n`)
  return prepared.rows
}
