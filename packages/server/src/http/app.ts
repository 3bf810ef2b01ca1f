import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { FastifyBaseLogger, FastifyInstance, FastifySchemaCompiler, FastifyTypeProvider } from 'fastify'
import * as z from 'zod'
import { ProblemError } from './problem.ts'

/** Types of requests and answers from the zod schemas of a route. */
export interface ZodTypes extends FastifyTypeProvider {
  readonly validator: this['schema'] extends z.ZodType ? z.output<this['schema']> : unknown
  readonly serializer: this['schema'] extends z.ZodType ? z.output<this['schema']> : unknown
}

/** Fastify, with types from zod schemas. */
export type App = FastifyInstance<Server, IncomingMessage, ServerResponse, FastifyBaseLogger, ZodTypes>

/** Answers name the first wrong values only. */
const MOST_WRONG = 10

/** Parses what requests bring with a route's zod schemas. */
export const zodValidator: FastifySchemaCompiler<unknown> =
  ({ schema }) =>
  (value) => {
    if (!(schema instanceof z.ZodType)) throw new Error('every schema of a request is a zod schema')
    const parsed = schema.safeParse(value)
    if (parsed.success) return { value: parsed.data }
    const wrong = parsed.error.issues.slice(0, MOST_WRONG).map(({ path, message }) => ({
      pointer: path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join(''),
      detail: `${message}.`.replace(/\.\.$/, '.'),
    }))
    return { error: new ProblemError('invalid-request', { wrong }) }
  }
