const MARK = Symbol.for('@kic/error')

/**
 * The one error type of KIC: a stable `code` for programs and a message for people, with the function, the broken rule,
 * the received value and the remedy.
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
