import type { ServerContext } from '../context.ts'
import type { App } from '../http/app.ts'
import { stateAnswer } from '../http/schemas.ts'

/** `GET /health` and `GET /ready` */
export const addState = (app: App, { serving }: ServerContext): void => {
  app.get(
    '/health',
    {
      config: { open: true, problems: ['model-stopped'] },
      schema: {
        summary: 'Whether the process works; if not, restart it.',
        response: { 200: stateAnswer },
      },
    },
    async () => {
      if (serving.phase === 'failed') throw serving.problem
      return { status: 'up' }
    },
  )
  app.get(
    '/ready',
    {
      config: { open: true, problems: ['loading', 'stopping', 'model-stopped'] },
      schema: {
        summary: 'Whether requests should be sent: the model is loaded, and the server is not stopping.',
        response: { 200: stateAnswer },
      },
    },
    async () => {
      if (serving.phase !== 'ready') throw serving.problem
      return { status: 'ready' }
    },
  )
}
