import { randomBytes } from 'node:crypto'
import Fastify, { type FastifyReply, type FastifyRequest, type RouteOptions } from 'fastify'
import type { ServerContext } from './context.ts'
import { keyOf } from './http/api-keys.ts'
import { type App, type ZodTypes, zodValidator } from './http/app.ts'
import { answerOddRequests, kindOfClientError, refuseConnection } from './http/connections.ts'
import { readJsonBodies } from './http/json-body.ts'
import { PROBLEM_TYPE, PROBLEMS, ProblemError, problemBody, problemHeaders } from './http/problem.ts'
import { problemOf } from './http/problem-of.ts'
import { addClasses } from './routes/classes.ts'
import { addClassify } from './routes/classify.ts'
import { addMetrics } from './routes/metrics.ts'
import { addModel } from './routes/model.ts'
import { addOpenApi } from './routes/openapi.ts'
import { addState } from './routes/state.ts'
import { failureEntry } from './run/log.ts'
import type { OpenRequest } from './run/open-requests.ts'
import { ClientLeft } from './run/request-signal.ts'

/** Ids of clients that are taken over; others get one of the server's. */
const REQUEST_ID = /^[\w.-]{1,64}$/

/** Ids that no other process gives. */
const uniqueIds = (): (() => string) => {
  const start = randomBytes(12).toString('hex')
  let count = 0
  return () => `${start}-${++count}`
}

/** The routes, ready to listen or to be tested with `inject`. */
export const createApp = (context: ServerContext): App => {
  const { limits, requests, serving, accepts, log } = context
  const timeout = Math.ceil(1000 * limits.timeout)
  const uniqueId = uniqueIds()

  /** Follows a request until its end. Everything that Fastify answers passes here. */
  const open = (request: FastifyRequest, reply: FastifyReply): OpenRequest => {
    const { id, method } = request
    const followed: OpenRequest = { id, method, route: request.routeOptions.url ?? 'unknown' }
    requests.follow(followed, reply.raw)
    reply.headers({ 'x-request-id': id, 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' })
    return followed
  }

  const fail = (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const known = problemOf(error)
    if (known === undefined && !(error instanceof ClientLeft)) log(failureEntry(error, request.id))
    const problem = known ?? new ProblemError('internal')
    return reply
      .code(PROBLEMS[problem.kind].status)
      .headers(problemHeaders(problem))
      .type(PROBLEM_TYPE)
      .send(problemBody(problem, request.id))
  }

  const app: App = Fastify({
    // Fastify's own entries would have paths and messages, and these may have texts.
    logger: false,
    bodyLimit: limits.maxBodyBytes,
    requestTimeout: timeout,
    // Node.js answers requests without a host itself, without a body.
    http: { requireHostHeader: false, connectionsCheckingInterval: 1000, headersTimeout: timeout },
    genReqId: ({ headers: { 'x-request-id': given } }) =>
      typeof given === 'string' && REQUEST_ID.test(given) ? given : uniqueId(),
    frameworkErrors: (error, request, reply) => {
      open(request, reply)
      fail(error, request, reply)
    },
    clientErrorHandler: (error, socket) => {
      const kind = kindOfClientError(error)
      if (kind === undefined) socket.destroy()
      else refuseConnection(kind, socket, requests)
    },
  }).withTypeProvider<ZodTypes>()

  answerOddRequests(app.server, requests)
  app.setValidatorCompiler(zodValidator)
  // Answers are this server's own; the tests hold them to their schemas.
  app.setSerializerCompiler(() => (answer) => JSON.stringify(answer))
  readJsonBodies(app)
  app.decorateRequest('open')

  const routes: RouteOptions[] = []
  app.addHook('onRoute', (route) => {
    routes.push(route)
  })
  const unmatched = ({ url }: FastifyRequest): ProblemError => {
    const path = url.split(/[?#]/, 1)[0]
    const methods = routes.filter((route) => route.url === path).flatMap(({ method }) => method)
    return methods.length === 0
      ? new ProblemError('not-found')
      : new ProblemError('method-not-allowed', { allow: methods })
  }
  app.addHook('onRequest', (request, reply, done) => {
    request.setDecorator('open', open(request, reply))
    if (request.raw.httpVersion === '1.1' && request.headers.host === undefined)
      throw new ProblemError('bad-request', { detail: 'A request must have the header Host.' })
    // Before a body is read that nobody asked for.
    if (request.is404) throw unmatched(request)
    if (accepts !== undefined && request.routeOptions.config.open !== true) {
      const key = keyOf(request.headers)
      if (key === undefined || !accepts(key)) throw new ProblemError('unauthorized')
    }
    done()
  })
  app.addHook('onSend', (_request, reply, _payload, done) => {
    // The client's next request should find another server.
    if (serving.phase !== 'ready' && serving.phase !== 'loading') reply.header('connection', 'close')
    done()
  })
  app.setErrorHandler(fail)
  app.setNotFoundHandler(async (request) => {
    throw unmatched(request)
  })

  addClassify(app, context)
  addClasses(app, context)
  addModel(app, context)
  addState(app, context)
  addMetrics(app, context)
  addOpenApi(app, routes, accepts !== undefined)
  return app
}
