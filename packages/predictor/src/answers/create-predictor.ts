import { checkThreshold, expectationAt } from '@kic/scores'
import { explainText } from '../explain/explain-text.ts'
import { answerTexts } from './answer-texts.ts'
import type { Answering } from './answering.ts'
import { answerOptions, type PredictOptions, WINDOW } from './predict-options.ts'
import type { Prediction } from './prediction.ts'
import type { Predictor } from './predictor.ts'
import { rawScores } from './raw-scores.ts'
import { streamAnswers } from './stream-answers.ts'

/** The only way from texts to answers, for models and ensembles. */
export const createPredictor = (answering: Answering): Predictor => {
  const { info } = answering
  function predict(text: string, options?: PredictOptions): Promise<Prediction>
  function predict(texts: readonly string[], options?: PredictOptions): Promise<Prediction[]>
  async function predict(
    texts: string | readonly string[],
    options: PredictOptions = {},
  ): Promise<Prediction | Prediction[]> {
    if (typeof texts === 'string') {
      const [only] = await predict([texts], options)
      if (only === undefined) throw new Error('one text has one prediction')
      return only
    }
    if (texts.length <= WINDOW)
      return answerTexts(answering, texts, undefined, answerOptions(info, options, false))
    const predictions: Prediction[] = []
    for await (const prediction of streamAnswers(answering, texts, options)) predictions.push(prediction)
    return predictions
  }
  return {
    info,
    predict,
    stream: (rows, options) => streamAnswers(answering, rows, options),
    scores: (texts, signal) => rawScores(answering.score, info.classes.length, texts, signal),
    explain: (text, { signal } = {}) => explainText(answering, text, signal),
    expectation: (reviewBelow) => {
      checkThreshold('expectation', reviewBelow)
      const curve = info.calibration?.curve
      return curve === undefined ? undefined : expectationAt(curve, reviewBelow)
    },
    dispose: () => answering.dispose(),
  }
}
