import { listedCodes, listedSets } from '@kic/data'
import type { AnswerRow } from '@kic/predictor'

/** An answer for a table, whose alternatives and sets are lists in one cell: labels of any characters stay readable. */
export const listedAnswer = (answer: AnswerRow): AnswerRow => {
  if ('reject' in answer || answer.prediction.status === 'unusable') return answer
  const { prediction } = answer
  const { top, sets } = prediction
  return {
    ...answer,
    prediction: {
      ...prediction,
      top: listedCodes(top),
      ...(sets === undefined ? {} : { sets: listedSets(sets) }),
    },
  }
}
