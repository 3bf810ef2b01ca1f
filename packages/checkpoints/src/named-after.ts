import { isKicError, KicError } from '@kic/core'

/** The error, its message led by the path of the file that it is about. */
export const namedAfter = (path: string, cause: unknown): KicError =>
  new KicError(
    isKicError(cause) ? cause.code : 'checkpoints/file',
    `${path}: ${cause instanceof Error ? cause.message : String(cause)}`,
    { cause },
  )
