import { STATUS_CODES } from 'node:http'
import * as z from 'zod'

/** Every refusal and failure of the server. */
export const PROBLEMS = {
  'bad-request': { status: 400, title: 'The request is not valid HTTP.' },
  'bad-json': { status: 400, title: 'The body is not JSON in UTF-8.' },
  unauthorized: { status: 401, title: 'The request needs a valid API key.' },
  'not-found': { status: 404, title: 'There is nothing at this path.' },
  'method-not-allowed': { status: 405, title: 'The path does not have this method.' },
  'request-timeout': { status: 408, title: 'The request did not arrive in time.' },
  'no-guarantees': { status: 409, title: 'The model is not calibrated for this.' },
  'no-threshold': { status: 409, title: 'The model’s calibration does not show this accuracy.' },
  'body-too-large': { status: 413, title: 'The body is too large.' },
  'unsupported-media-type': { status: 415, title: 'The body must be application/json, not compressed.' },
  'expectation-failed': { status: 417, title: 'The server does not meet this expectation.' },
  'invalid-request': { status: 422, title: 'A value of the request is not valid.' },
  'too-busy': { status: 429, title: 'Too many texts are waiting.' },
  'headers-too-large': { status: 431, title: 'The headers are too large.' },
  internal: { status: 500, title: 'The server has failed.' },
  loading: { status: 503, title: 'The model is not loaded yet.' },
  stopping: { status: 503, title: 'The server is stopping.' },
  'model-stopped': { status: 503, title: 'The model has stopped.' },
  timeout: { status: 503, title: 'The answer was not ready in time.' },
} as const satisfies Readonly<Record<string, { readonly status: number; readonly title: string }>>

export type ProblemKind = keyof typeof PROBLEMS

/** One wrong value of a request. */
export interface WrongValue {
  /** JSON pointer (RFC 6901) into the body or the query; empty for the whole. */
  readonly pointer: string
  readonly detail: string
}

/** The body of every answer that is an error, `application/problem+json` (RFC 9457). */
export const problemSchema = z
  .object({
    type: z.string().meta({ description: 'Stable identifier: `urn:kic:problem:` and the kind of problem.' }),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string().optional(),
    requestId: z.string().optional(),
    errors: z
      .array(z.object({ pointer: z.string(), detail: z.string() }))
      .optional()
      .meta({ description: 'Wrong values of the request, at most ten.' }),
  })
  .meta({ id: 'Problem', description: 'A refusal or failure (RFC 9457).' })

export type Problem = z.infer<typeof problemSchema>

export const PROBLEM_TYPE = 'application/problem+json'

/** What an answer says about a problem beyond its kind. */
export interface ProblemDetails {
  readonly detail?: string | undefined
  readonly wrong?: readonly WrongValue[] | undefined
  /** Seconds. */
  readonly retryAfter?: number | undefined
  /** Methods that the path has. */
  readonly allow?: readonly string[] | undefined
}

/** Ends a request with a problem. */
export class ProblemError extends Error {
  readonly kind: ProblemKind
  readonly details: ProblemDetails

  constructor(kind: ProblemKind, details: ProblemDetails = {}) {
    super(PROBLEMS[kind].title)
    this.name = 'ProblemError'
    this.kind = kind
    this.details = details
  }
}

/** The headers of a problem's answer, beyond its media type. */
export const problemHeaders = ({ kind, details }: ProblemError): Readonly<Record<string, string>> => ({
  ...(details.retryAfter === undefined ? {} : { 'retry-after': String(details.retryAfter) }),
  ...(details.allow === undefined ? {} : { allow: details.allow.join(', ') }),
  ...(kind === 'unauthorized' ? { 'www-authenticate': 'Bearer' } : {}),
})

/** The body of a problem's answer. */
export const problemBody = (
  { kind, details: { detail, wrong } }: ProblemError,
  requestId?: string,
): string => {
  const { status, title } = PROBLEMS[kind]
  const problem: { readonly [Key in keyof Problem]: unknown } = {
    type: `urn:kic:problem:${kind}`,
    title,
    status,
    detail,
    requestId,
    errors: wrong,
  }
  return JSON.stringify(problem)
}

/** A problem as a whole HTTP response, for connections whose request could not be parsed. */
export const rawProblem = (problem: ProblemError): string => {
  const body = problemBody(problem)
  const { status } = PROBLEMS[problem.kind]
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Connection: close',
    `Content-Type: ${PROBLEM_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n')
}
