import { defined, KicError } from '@kic/core'
import { fitTemperature } from '@kic/scores'
import type { PredictorErrorCode } from '../error-code.ts'

/**
 * The temperature that fits the usable rows with a class of the model.
 *
 * @param rows logits of each row, [C]; `undefined` for an unusable text
 * @param numbers class number of each row; negative for a row without a class of the model
 * @throws KicError `predictor/calibration-rows` if there is no such row
 */
export const temperatureOf = (
  rows: readonly (Float32Array | undefined)[],
  numbers: readonly number[],
): number => {
  const labelled = rows.flatMap((row, i) => {
    const number = defined(numbers[i])
    return row === undefined || number < 0 ? [] : [{ row, number }]
  })
  const classes = labelled[0]?.row.length
  if (classes === undefined) {
    throw new KicError<PredictorErrorCode>(
      'predictor/calibration-rows',
      `calibrate: some labelled text must be usable, received ${rows.length} texts outside the model's vocabulary or in another ` +
        'language. Use rows of the model’s task.',
    )
  }
  const logits = new Float32Array(labelled.length * classes)
  for (const [i, { row }] of labelled.entries()) logits.set(row, i * classes)
  return fitTemperature({ logits, classes, labels: labelled.map(({ number }) => number) })
}
