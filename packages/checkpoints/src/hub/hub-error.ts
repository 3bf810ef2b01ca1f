import { HubApiError } from '@huggingface/hub'
import { isKicError, KicError } from '@kic/core'
import type { CheckpointsErrorCode } from '../error-code.ts'

/** A response with an error status. */
export class HubStatus extends Error {
  readonly status: number

  constructor(status: number, url: string) {
    super(`status ${status} of ${url}`)
    this.status = status
  }
}

/** Whether the same request may succeed later: no connection, a broken one, or a busy server. */
export const isPassing = (error: unknown): boolean => {
  if (isKicError(error)) return false
  const status = statusOf(error)
  return status === undefined ? error instanceof Error : status === 408 || status === 429 || status >= 500
}

/** The error for the caller. It never contains the token. */
export const hubError = (cause: unknown, what: string, hubUrl: string, hasToken: boolean): KicError => {
  if (isKicError(cause)) return new KicError(cause.code, cause.message, { cause })
  const status = statusOf(cause)
  const refused = (
    rule: 'hub' | `hub-${'not-found' | 'unauthorized' | 'unreachable'}`,
    message: string,
  ): KicError =>
    new KicError<CheckpointsErrorCode>(`checkpoints/${rule}`, `resolveModel: ${what}: ${message}`, { cause })
  if (status === 404) {
    return refused(
      'hub-not-found',
      `${hubUrl} has no such model, revision or file, and there is no such folder.`,
    )
  }
  if (status === 401 || status === 403) {
    return refused(
      'hub-unauthorized',
      hasToken
        ? `${hubUrl} does not let this token read it (status ${status}). Accept the model's terms on its page, or check the token's rights.`
        : `${hubUrl} wants a token (status ${status}): the model is private, gated, or does not exist. Set HF_TOKEN or the option token.`,
    )
  }
  if (status !== undefined) return refused('hub', `${hubUrl} answered with status ${status}.`)
  return refused(
    'hub-unreachable',
    `${hubUrl} could not be reached, or the connection broke: ${reasonOf(cause)}. What was received is kept and not asked for again. If the model is in the cache, HF_HUB_OFFLINE=1 or the option offline uses it.`,
  )
}

const statusOf = (error: unknown): number | undefined => {
  if (error instanceof HubStatus) return error.status
  return error instanceof HubApiError ? error.statusCode : undefined
}

const reasonOf = (cause: unknown): string => {
  if (!(cause instanceof Error)) return String(cause)
  return cause.cause instanceof Error ? `${cause.message}, ${cause.cause.message}` : cause.message
}
