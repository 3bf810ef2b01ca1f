import type { CoreErrorCode } from './error-code.ts'
import { KicError } from './kic-error.ts'

/** The error of an output that cannot be written. */
export const unwritable = (caller: string, path: string, cause: unknown): KicError =>
  new KicError<CoreErrorCode>(
    'core/output',
    `${caller}: the output must be writable, received ${path}: ${cause instanceof Error ? cause.message : String(cause)}. Choose another output.`,
    { cause },
  )
