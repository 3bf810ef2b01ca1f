import { overlapWindows } from '@kic/core'
import type { AnswerRow, PredictOptions, Predictor } from '@kic/predictor'
import type { InputRow } from '../input/read-input.ts'

/** Rows classified together: enough to sort them by length, few enough for bounded memory. */
const WINDOW = 4096

/** Answers to rows, in order and in bounded memory. If the input fails, the answers to the rows before it still arrive. */
export const answerRows = (
  predictor: Predictor,
  rows: Iterable<InputRow> | AsyncIterable<InputRow>,
  options: PredictOptions,
): AsyncGenerator<readonly AnswerRow[]> =>
  overlapWindows(rows, WINDOW, (window) => answerWindow(predictor, window, options))

const answerWindow = async (
  predictor: Predictor,
  window: readonly InputRow[],
  options: PredictOptions,
): Promise<readonly AnswerRow[]> => {
  const texts = window.flatMap((row) => ('text' in row ? [row.text] : []))
  const predictions = (await predictor.predict(texts, options)).values()
  return window.map((row): AnswerRow => {
    if ('reject' in row) return row
    const { text: _, ...place } = row
    const { value } = predictions.next()
    if (value === undefined) throw new Error('every text has a prediction')
    return { ...place, prediction: value }
  })
}
