import { isKicError } from '@kic/core'
import {
  type CallSignal,
  type Explanation,
  type PredictOptions,
  type Predictor,
  type PredictorErrorCode,
  thresholdShortfall,
} from '@kic/predictor'
import type { ServerContext } from '../context.ts'
import { type App, zodValidator } from '../http/app.ts'
import { ProblemError, type ProblemKind } from '../http/problem.ts'
import { classifyAnswer, classifyRequest } from '../http/schemas.ts'
import { isTextAlone } from '../http/text-alone.ts'
import type { OpenRequest } from '../run/open-requests.ts'
import { RequestSignal } from '../run/request-signal.ts'

/** The model's thread has ended; no later call succeeds either. */
const THREAD_ENDED: PredictorErrorCode = 'predictor/thread-ended'

/** What a model cannot promise. */
const REFUSALS: { readonly [Code in PredictorErrorCode]?: ProblemKind } = {
  'predictor/no-guarantees': 'no-guarantees',
  'predictor/no-threshold': 'no-threshold',
}

const refusalOf = (code: string): ProblemKind | undefined =>
  Object.entries(REFUSALS).find(([refused]) => refused === code)?.[1]

/** An explained text counts as so many waiting texts: it is answered about as often. */
const EXPLANATION_WORK = 100

/** `POST /v1/classify` */
export const addClassify = (app: App, { serving, limits, gate, metrics }: ServerContext): void => {
  app.post(
    '/v1/classify',
    {
      schema: {
        summary: 'Classifies one text, or several.',
        body: classifyRequest(limits),
        response: { 200: classifyAnswer },
      },
      validatorCompiler: (route) => {
        const validate = zodValidator(route)
        return (body: unknown) => (isTextAlone(body, limits.maxTextLength) ? { value: body } : validate(body))
      },
      config: {
        problems: [
          'bad-json',
          'body-too-large',
          'unsupported-media-type',
          'invalid-request',
          'no-guarantees',
          'no-threshold',
          'too-busy',
          'loading',
          'stopping',
          'model-stopped',
          'timeout',
        ],
      },
    },
    async (request, reply) => {
      const { id, predictor } = serving.model
      const { text, texts = text === undefined ? [] : [text], explain = false, ...options } = request.body
      const count = texts.length
      const work = explain ? Math.min(count * EXPLANATION_WORK, limits.maxWaiting) : count
      const open = request.getDecorator<OpenRequest>('open')
      open.texts = count
      if (!gate.enter(work)) {
        metrics.rejected(count)
        throw new ProblemError('too-busy', { retryAfter: gate.secondsUntilRoom(work) })
      }
      const signal = new RequestSignal(1000 * limits.timeout)
      open.signal = signal
      if (reply.raw.destroyed) signal.leave()
      let answered = false
      try {
        const predictions = await predictor.predict(texts, { ...options, signal })
        const explanations = explain ? await explainTexts(predictor, texts, signal) : undefined
        answered = true
        for (const { status } of predictions) metrics.answered(status)
        const [prediction] = predictions
        return text === undefined || prediction === undefined
          ? { model: id, predictions, explanations }
          : { model: id, prediction, explanation: explanations?.[0] }
      } catch (error) {
        if (!isKicError(error)) throw error
        const kind = refusalOf(error.code)
        if (kind !== undefined)
          throw new ProblemError(kind, { detail: detailOf(kind, predictor.info, options) })
        if (error.code !== THREAD_ENDED) throw error
        serving.fail(error)
        throw serving.problem
      } finally {
        signal.release()
        gate.leave(work, answered)
      }
    },
  )
}

/** What the calibration lacks. Messages of errors name folders, so none is passed on. */
const detailOf = (
  kind: ProblemKind,
  info: Predictor['info'],
  { targetAccuracy, confidence }: Pick<PredictOptions, 'targetAccuracy' | 'confidence'>,
): string | undefined =>
  kind === 'no-threshold' && targetAccuracy !== undefined
    ? thresholdShortfall(info, { targetAccuracy, confidence })
    : undefined

/** One after the other, so that the texts of other requests are answered in between. */
const explainTexts = async (
  predictor: Predictor,
  texts: readonly string[],
  signal: CallSignal,
): Promise<Explanation[]> => {
  const explanations: Explanation[] = []
  for (const text of texts) explanations.push(await predictor.explain(text, { signal }))
  return explanations
}
