import type { CodedText } from '../answers/prediction.ts'
import type { PredictorInfo } from '../answers/predictor-info.ts'
import { codeSets, type SetOptions } from './code-sets.ts'
import { noveltyOf } from './novelty.ts'

/**
 * A function that adds to an answer what the model's guarantees say: its novelty, and the sets of codes if asked for. Answers
 * of a model without guarantees stay.
 *
 * @throws KicError `predictor/notes` if the guarantees are about other classes
 */
export const answerGuarantees = (
  info: PredictorInfo,
): ((answer: CodedText, probabilities: ArrayLike<number>, sets: SetOptions | undefined) => CodedText) => {
  const guarantees = info.calibration?.guarantees
  if (guarantees === undefined) return (answer) => answer
  const setsOf = codeSets(info)
  return (answer, probabilities, sets) => ({
    ...answer,
    novelty: noveltyOf(guarantees.novelty, probabilities),
    ...(sets !== undefined && { sets: setsOf(probabilities, answer.codes, sets) }),
  })
}
