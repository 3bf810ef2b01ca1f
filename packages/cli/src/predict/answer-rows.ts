import type { AnswerRow, PredictOptions, Predictor } from '@kic/predictor'
import type { InputRow } from './read-input.ts'

/** Rows that are classified together: enough to sort them by length, few enough to forget soon. */
const WINDOW = 4096

/** Answers to rows, in their order and in bounded memory. A failing input still gives the answers to what came before. */
export async function* answerRows(
  predictor: Predictor,
  rows: Iterable<InputRow> | AsyncIterable<InputRow>,
  options: PredictOptions,
): AsyncGenerator<readonly AnswerRow[]> {
  let window: InputRow[] = []
  let failure: { readonly error: unknown } | undefined
  try {
    for await (const row of rows) {
      window.push(row)
      if (window.length < WINDOW) continue
      yield await answerWindow(predictor, window, options)
      window = []
    }
  } catch (error) {
    failure = { error }
  }
  if (window.length > 0 && options.signal?.aborted !== true)
    yield await answerWindow(predictor, window, options)
  if (failure !== undefined) throw failure.error
}

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
