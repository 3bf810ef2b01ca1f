import * as z from 'zod'
import type { ServerContext } from '../context.ts'
import type { App } from '../http/app.ts'

/** `GET /metrics` */
export const addMetrics = (app: App, { metrics }: ServerContext): void => {
  app.get(
    '/metrics',
    {
      schema: { summary: 'Metrics for Prometheus.', response: { 200: z.string() } },
      config: { answers: 'text/plain' },
    },
    async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text()),
  )
}
