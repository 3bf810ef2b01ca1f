import type { RouteOptions } from 'fastify'
import * as z from 'zod'
import manifest from '../../package.json' with { type: 'json' }
import { PROBLEM_TYPE, PROBLEMS, type ProblemKind, problemSchema } from './problem.ts'

/** A route's documentation and schemas. */
export interface RouteSchema {
  readonly summary: string
  readonly body?: z.ZodType
  readonly querystring?: z.ZodObject
  readonly response?: Readonly<Record<number, z.ZodType>>
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether the route answers without an API key. */
    open?: boolean
    /** Its problems, beyond those that every route has. */
    problems?: readonly ProblemKind[]
    /** Media type of its answer; default application/json. */
    answers?: string
  }
}

/** Problems of every route. */
const ANYWHERE: readonly ProblemKind[] = [
  'bad-request',
  'method-not-allowed',
  'request-timeout',
  'expectation-failed',
  'headers-too-large',
  'internal',
]

/**
 * The OpenAPI 3.1 document of some routes. Its schemas are those that parse requests, and types of answers.
 *
 * @param keys whether routes need an API key
 */
export const openApiDocument = (
  routes: readonly RouteOptions[],
  keys: boolean,
): Readonly<Record<string, unknown>> => {
  const components = new Components()
  const paths: Record<string, Record<string, unknown>> = {}
  for (const route of routes) {
    const method = String(route.method).toLowerCase()
    const path = paths[route.url] ?? {}
    path[method] = operation(route, keys, components)
    paths[route.url] = path
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'KIC',
      description: 'Classifies short texts with a saved model.',
      version: manifest.version,
      license: { name: manifest.license },
    },
    paths,
    components: {
      schemas: components.schemas,
      ...(keys
        ? {
            securitySchemes: {
              bearer: { type: 'http', scheme: 'bearer' },
              apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
            },
          }
        : {}),
    },
  }
}

const operation = (
  { schema = {}, config = {} }: RouteOptions,
  keys: boolean,
  components: Components,
): Readonly<Record<string, unknown>> => {
  const { summary, body, querystring, response = {} } = schema as RouteSchema
  const { open = false, problems = [], answers = 'application/json' } = config
  const secured = keys && !open
  return {
    summary,
    ...(secured ? { security: [{ bearer: [] }, { apiKey: [] }] } : {}),
    ...(querystring === undefined ? {} : { parameters: queryParameters(querystring, components) }),
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: components.add(body, 'input') } },
          },
        }),
    responses: {
      ...Object.fromEntries(
        Object.entries(response).map(([status, answer]) => [
          status,
          {
            description: answer.meta()?.description ?? 'The answer.',
            content: { [answers]: { schema: components.add(answer, 'output') } },
          },
        ]),
      ),
      ...problemResponses(
        [...ANYWHERE, ...(secured ? ['unauthorized' as const] : []), ...problems],
        components,
      ),
    },
  }
}

const queryParameters = (query: z.ZodObject, components: Components): readonly object[] =>
  Object.entries(query.shape).map(([name, value]) => {
    const { description, ...schema } = components.inline(value)
    return { name, in: 'query', required: false, description, schema }
  })

const problemResponses = (
  kinds: readonly ProblemKind[],
  components: Components,
): Readonly<Record<string, object>> => {
  const titles = new Map<number, string[]>()
  for (const kind of kinds) {
    const { status, title } = PROBLEMS[kind]
    titles.set(status, [...(titles.get(status) ?? []), `${kind}: ${title}`])
  }
  const content = { [PROBLEM_TYPE]: { schema: components.add(problemSchema, 'output') } }
  return Object.fromEntries(
    [...titles].map(([status, lines]) => [status, { description: lines.join(' '), content }]),
  )
}

/** Schemas with an id, once each. */
class Components {
  readonly schemas: Record<string, unknown> = {}

  /** A schema, or a reference to it if it has an id. */
  add(schema: z.ZodType, io: 'input' | 'output'): object {
    const { $defs = {}, ...own } = jsonSchema(schema, io)
    for (const [name, { id: _, ...definition }] of Object.entries($defs)) this.schemas[name] = definition
    return own
  }

  inline(schema: z.ZodType): JsonSchema {
    return jsonSchema(schema, 'input')
  }
}

interface JsonSchema extends Readonly<Record<string, unknown>> {
  readonly description?: string
  readonly $defs?: Readonly<Record<string, JsonSchema>>
}

const jsonSchema = (schema: z.ZodType, io: 'input' | 'output'): JsonSchema => {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io })
  // Definitions refer to each other as parts of the document.
  return JSON.parse(JSON.stringify(json).replaceAll('#/$defs/', '#/components/schemas/'))
}
