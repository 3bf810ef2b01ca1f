import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { OpenRequests } from '../run/open-requests.ts'
import { PROBLEM_TYPE, PROBLEMS, ProblemError, type ProblemKind, problemBody, rawProblem } from './problem.ts'

const KINDS: Readonly<Record<string, ProblemKind>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'request-timeout',
  HPE_HEADER_OVERFLOW: 'headers-too-large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'body-too-large',
}

/** The kind of problem of a connection's error; `undefined` if nobody is left to read about it. */
export const kindOfClientError = (error: Error & { readonly code?: string }): ProblemKind | undefined =>
  error.code === 'ECONNRESET' ? undefined : (KINDS[error.code ?? ''] ?? 'bad-request')

/** Answers on a connection whose request could not be parsed, and closes it. */
export const refuseConnection = (kind: ProblemKind, socket: Duplex, requests: OpenRequests): void => {
  if (!socket.writable) {
    socket.destroy()
    return
  }
  requests.report({ method: 'other', route: 'unparsed', status: PROBLEMS[kind].status, ms: 0 })
  socket.end(rawProblem(new ProblemError(kind)), () => socket.destroy())
}

/** Answers what Node.js would answer without a body, or not at all. */
export const answerOddRequests = (server: Server, requests: OpenRequests): void => {
  server.on('connect', (_request: IncomingMessage, socket: Duplex) =>
    refuseConnection('method-not-allowed', socket, requests),
  )
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
    const problem = new ProblemError('expectation-failed')
    const { status } = PROBLEMS[problem.kind]
    requests.report({ method: request.method ?? 'other', route: 'unparsed', status, ms: 0 })
    const body = problemBody(problem)
    response.writeHead(status, {
      'content-type': PROBLEM_TYPE,
      'content-length': Buffer.byteLength(body),
      connection: 'close',
    })
    response.end(body)
  })
}
