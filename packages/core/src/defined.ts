import type { CoreErrorCode } from './error-code.ts'
import { KicError } from './kic-error.ts'

/**
 * Returns a value that the program itself put there, such as an element at an index within bounds. Use it where a
 * default (`?? 0`) would hide a bug.
 *
 * @throws KicError `core/missing-value`
 */
export const defined = <T>(value: T | undefined): T => {
  if (value !== undefined) return value
  throw new KicError<CoreErrorCode>(
    'core/missing-value',
    'defined: the value must exist, received undefined. This is a bug: please report it with its stack trace.',
  )
}
