import { KicError } from '@kic/core'
import type { Answering } from './answering.ts'
import type { AnswerOptions } from './predict-options.ts'
import type { Prediction } from './prediction.ts'
import { eachOnce, type TextMemory } from './text-memory.ts'

/**
 * Predictions of texts in their order, each different text answered once.
 *
 * @param memory of texts that were answered before
 * @throws KicError `predictor/not-a-string`, and as `answer` of what answers
 */
export const answerTexts = async (
  { answer }: Answering,
  texts: readonly unknown[],
  memory: TextMemory<Prediction> | undefined,
  options: AnswerOptions,
): Promise<Prediction[]> =>
  eachOnce(texts.map(checkedText), memory, (different) => answer(different, options))

const checkedText = (text: unknown, i: number): string => {
  if (typeof text === 'string') return text
  throw new KicError(
    'predictor/not-a-string',
    `predict: text ${i} must be a string, received ${typeof text}. Leave it out, or give an empty text.`,
  )
}
