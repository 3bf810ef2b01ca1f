import { overlapWindows } from '@kic/core'
import { answerTexts } from './answer-texts.ts'
import type { Answering } from './answering.ts'
import type { CallSignal } from './call-signal.ts'
import { type AnswerOptions, answerOptions, type StreamOptions, windowOf } from './predict-options.ts'
import type { Prediction } from './prediction.ts'
import type { Answered } from './predictor.ts'
import type { PredictorInfo } from './predictor-info.ts'
import { createTextMemory } from './text-memory.ts'

/** Candidates in a stream's memory: those of 32,768 texts, or of fewer texts with sets or more than eight candidates each. */
const REMEMBERED = 2 ** 18
const FEW = 8

/** Implements `Predictor.stream`. */
export function streamAnswers<Row extends string | object>(
  answering: Answering,
  rows: Iterable<Row> | AsyncIterable<Row>,
  options?: StreamOptions,
): AsyncGenerator<Answered<Row>>
export async function* streamAnswers(
  answering: Answering,
  rows: Iterable<string | object> | AsyncIterable<string | object>,
  options: StreamOptions = {},
): AsyncGenerator<object> {
  const size = windowOf(options)
  const { ended, end } = endingWith(options.signal)
  const settings = answerOptions(answering.info, { ...options, signal: ended }, true)
  const memory = createTextMemory<Prediction>(Math.floor(REMEMBERED / codesPerText(answering.info, settings)))
  const windows = overlapWindows(rows, size, async (window) => {
    const texts = window.filter(hasText).map((row) => (typeof row === 'string' ? row : row.text))
    const found = await answerTexts(answering, texts, memory, settings)
    return withAnswers(window, found)
  })
  try {
    for await (const answers of windows) for (const answer of answers) yield answer
  } finally {
    end()
  }
}

/** The candidates of a text, and the codes of its sets if they were all codes. */
const codesPerText = ({ classes, levels }: PredictorInfo, { topK, sets }: AnswerOptions): number =>
  Math.max(topK, FEW) + (sets === undefined ? 0 : classes.length * levels.length)

const hasText = (row: string | object): row is string | { readonly text: unknown } =>
  typeof row === 'string' || 'text' in row

const withAnswers = (
  rows: readonly (string | object)[],
  predictions: readonly Prediction[],
): readonly object[] => {
  const left = predictions.values()
  return rows.map((row) => {
    if (!hasText(row)) return row
    const { value } = left.next()
    if (value === undefined) throw new Error('every text has a prediction')
    return typeof row === 'string' ? value : { ...row, prediction: value }
  })
}

/** A signal that follows another signal, and aborts at `end` in any case. */
const endingWith = (signal: CallSignal | undefined) => {
  const controller = new AbortController()
  const follow = (): void => controller.abort(signal?.reason)
  if (signal?.aborted === true) follow()
  signal?.addEventListener('abort', follow)
  const end = (): void => {
    signal?.removeEventListener('abort', follow)
    controller.abort()
  }
  return { ended: controller.signal, end }
}
