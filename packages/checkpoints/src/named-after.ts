import { isKicError, KicError } from '@kic/core'

/** The error, with the path of its file at the start of the message. */
export const namedAfter = (path: string, cause: unknown): KicError =>
  new KicError(
    isKicError(cause) ? cause.code : 'checkpoints/file',
    `${path}: ${cause instanceof Error ? cause.message : String(cause)}`,
    { cause },
  )
