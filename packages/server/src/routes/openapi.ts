import type { RouteOptions } from 'fastify'
import type { App } from '../http/app.ts'
import { openApiDocument } from '../http/openapi.ts'

/**
 * `GET /openapi.json`
 *
 * @param routes all routes; those with a schema are documented
 * @param keys whether they need an API key
 */
export const addOpenApi = (app: App, routes: readonly RouteOptions[], keys: boolean): void => {
  let json: string | undefined
  app.get('/openapi.json', { config: { open: true } }, async (_request, reply) => {
    json ??= JSON.stringify(openApiDocument(routes.filter(isDocumented), keys))
    return reply.type('application/json').send(json)
  })
}

/** Fastify adds HEAD to every GET. */
const isDocumented = ({ schema, method }: RouteOptions): boolean => schema !== undefined && method !== 'HEAD'
