import { KicError } from '@kic/core'
import type { PredictorErrorCode } from '../error-code.ts'
import type { Answering } from './answering.ts'
import type { AnswerOptions } from './predict-options.ts'
import type { Prediction } from './prediction.ts'
import { eachOnce, type TextMemory } from './text-memory.ts'

/**
 * One prediction per text, in order; repeated texts are answered once.
 *
 * @param memory earlier texts of the same stream
 * @throws KicError `predictor/not-a-string`, and as `answer`
 */
export const answerTexts = async (
  { answer }: Answering,
  texts: readonly unknown[],
  memory: TextMemory<Prediction> | undefined,
  options: AnswerOptions,
): Promise<Prediction[]> => eachOnce(texts.map(checkedText), memory, (distinct) => answer(distinct, options))

const checkedText = (text: unknown, i: number): string => {
  if (typeof text === 'string') return text
  throw new KicError<PredictorErrorCode>(
    'predictor/not-a-string',
    `predict: text ${i} must be a string, received ${typeof text}. Pass strings.`,
  )
}
