import { isKicError } from '@kic/core'
import type { PredictorErrorCode } from '@kic/predictor'
import type { ServerContext } from '../context.ts'
import type { App } from '../http/app.ts'
import { ProblemError } from '../http/problem.ts'
import { classifyAnswer, classifyRequest } from '../http/schemas.ts'
import { abortedWith } from '../run/aborted-with.ts'
import type { OpenRequest } from '../run/open-requests.ts'

/** The model's thread has ended; no later call succeeds either. */
const THREAD_ENDED: PredictorErrorCode = 'predictor/thread-ended'

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
      config: {
        problems: [
          'bad-json',
          'body-too-large',
          'unsupported-media-type',
          'invalid-request',
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
      const { text, texts = text === undefined ? [] : [text], topK, reviewBelow } = request.body
      const count = texts.length
      request.getDecorator<OpenRequest>('open').texts = count
      if (!gate.enter(count)) {
        metrics.rejected(count)
        throw new ProblemError('too-busy', { retryAfter: gate.secondsUntilRoom(count) })
      }
      const { signal, release } = abortedWith(reply.raw, 1000 * limits.timeout)
      let answered = false
      try {
        const predictions = await predictor.predict(texts, { topK, reviewBelow, signal })
        answered = true
        for (const { status } of predictions) metrics.answered(status)
        const [prediction] = predictions
        return text === undefined || prediction === undefined
          ? { model: id, predictions }
          : { model: id, prediction }
      } catch (error) {
        if (!isKicError(error) || error.code !== THREAD_ENDED) throw error
        serving.fail(error)
        throw serving.problem
      } finally {
        release()
        gate.leave(count, answered)
      }
    },
  )
}
