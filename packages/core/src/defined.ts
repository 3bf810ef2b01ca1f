import { KicError } from './kic-error.ts'

/**
 * A checked read: the value of an index or key that exists by construction. It costs no more than a default value, and a
 * wrong index fails here instead of giving a wrong number.
 *
 *     sum += defined(weights[row])
 *
 * @throws KicError `core/undefined-value`
 */
export const defined = <T>(value: T | undefined): T => {
  if (value === undefined) throw undefinedValue()
  return value
}

const undefinedValue = (): KicError =>
  new KicError(
    'core/undefined-value',
    'defined: an index or key must exist, received undefined. Report this fault with the stack trace.',
  )
