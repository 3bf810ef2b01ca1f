const MARK = Symbol.for('@kic/error')

/**
 * The one error type of KIC: a stable `code` for programs, and for people a message that says which function broke
 * which rule, what it received and what to do.
 *
 * Each package has a union of its codes, such as `DataErrorCode`: `new KicError<DataErrorCode>(…)` takes no other.
 */
export class KicError<Code extends string = string> extends Error {
  /** Stable identifier such as `data/too-few-fields`: package, slash, rule. */
  readonly code: Code

  constructor(code: Code, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'KicError'
    this.code = code
    Object.defineProperty(this, MARK, { value: true })
  }
}

/** Whether `error` is a `KicError`, also one thrown by another installed copy of this package. */
export const isKicError = (error: unknown): error is KicError =>
  typeof error === 'object' && error !== null && MARK in error
