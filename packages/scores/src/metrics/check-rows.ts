import { scoresError } from '../scores-error.ts'

/** @throws KicError `scores/shape` unless both have the same number of rows, at least one. */
export const checkRows = (caller: string, predicted: number, actual: number): void => {
  if (predicted === actual && actual > 0) return
  throw scoresError(
    'scores/shape',
    `${caller}: every row needs a prediction and a label, received ${predicted} predictions for ${actual} labels. ` +
      'Give as many of each, at least one.',
  )
}
