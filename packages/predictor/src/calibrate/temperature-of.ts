import { defined, KicError } from '@kic/core'
import { argMax, fitTemperature } from '@kic/scores'
import type { PredictorErrorCode } from '../error-code.ts'
import { temperatureDoubts } from './temperature-doubts.ts'

/**
 * The temperature that fits the usable rows with a class of the model.
 *
 * @param rows logits of each row, [C]; `undefined` for an unusable text
 * @param numbers class number of each row; negative for a row without a class of the model
 * @param warn receives reasons not to trust the temperature
 * @throws KicError `predictor/calibration-rows` if there is no such row, or only one
 */
export const temperatureOf = (
  rows: readonly (Float32Array | undefined)[],
  numbers: readonly number[],
  warn: (doubt: string) => void,
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
  if (labelled.length === 1) {
    throw new KicError<PredictorErrorCode>(
      'predictor/calibration-rows',
      `calibrate: at least two rows must be usable and have a class of the model, received one among ${rows.length}. One row says ` +
        'nothing about confidence; use more rows.',
    )
  }
  const logits = new Float32Array(labelled.length * classes)
  for (const [i, { row }] of labelled.entries()) logits.set(row, i * classes)
  const labels = labelled.map(({ number }) => number)
  const temperature = fitTemperature({ logits, classes, labels })
  const allRight = labelled.every(({ row, number }) => argMax(row) === number)
  for (const doubt of temperatureDoubts(temperature, labels, allRight)) warn(doubt)
  return temperature
}
