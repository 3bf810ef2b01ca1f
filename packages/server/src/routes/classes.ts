import { findClasses, levelNames } from '@kic/classification'
import type { ServerContext } from '../context.ts'
import type { App } from '../http/app.ts'
import { ProblemError } from '../http/problem.ts'
import { classesAnswer, classesQuery } from '../http/schemas.ts'

/** `GET /v1/classes` */
export const addClasses = (app: App, { serving }: ServerContext): void => {
  app.get(
    '/v1/classes',
    {
      schema: {
        summary: 'Searches codes and names of the model’s classification.',
        querystring: classesQuery,
        response: { 200: classesAnswer },
      },
      config: { problems: ['invalid-request', 'loading', 'stopping', 'model-stopped'] },
    },
    async (request) => {
      const { classification } = serving.model.predictor.info
      const { query, level, limit } = request.query
      const levels = levelNames(classification)
      if (level !== undefined && !levels.includes(level)) {
        const detail = `Must be one of ${levels.join(', ')}.`
        throw new ProblemError('invalid-request', { wrong: [{ pointer: '/level', detail }] })
      }
      const found = findClasses(classification, query, level)
      return { total: found.length, classes: found.slice(0, limit) }
    },
  )
}
