import type { FastifyError } from 'fastify'
import { ProblemError, type ProblemKind } from './problem.ts'

/** Errors of Fastify and Node.js that the client caused. */
const KINDS: Readonly<Record<string, ProblemKind>> = {
  FST_ERR_BAD_URL: 'bad-request',
  FST_ERR_CTP_BODY_TOO_LARGE: 'body-too-large',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'bad-json',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'bad-request',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported-media-type',
  FST_ERR_MAX_PARAM_LENGTH: 'not-found',
  // A body that ends before its content length.
  ECONNRESET: 'bad-request',
}

/** The problem to answer with; `undefined` for a failure of the server. */
export const problemOf = (error: unknown): ProblemError | undefined => {
  if (error instanceof ProblemError) return error
  const { code, statusCode = 500 }: Partial<FastifyError> = error instanceof Error ? error : {}
  const known = code !== undefined && Object.hasOwn(KINDS, code) ? KINDS[code] : undefined
  const kind = known ?? (statusCode < 500 ? 'bad-request' : undefined)
  return kind === undefined ? undefined : new ProblemError(kind)
}
