import { prepareRows, type TextPreparation } from '@kic/data/prepare'
import type { ProgressOutput } from '../train/progress-output.ts'

/** Rows with prepared texts. Rows with blank texts are left out and counted. */
export const preparedRows = <R extends { readonly text: string }>(
  rows: readonly R[],
  preparation: TextPreparation,
  output: Pick<ProgressOutput, 'say'>,
): readonly R[] => {
  const prepared = prepareRows(rows, preparation)
  const { length } = prepared.empty
  if (length > 0) {
    const [verb, texts] = length === 1 ? ['is', 'its text has'] : ['are', 'their texts have']
    output.say(`${length} of ${rows.length} rows ${verb} left out: ${texts} no visible characters`)
  }
  return prepared.rows
}
