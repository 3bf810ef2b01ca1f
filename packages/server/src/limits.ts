import { KicError } from '@kic/core'
import type { ServerErrorCode } from './error-code.ts'

/** Bounds of requests, and of the work that waits. */
export interface Limits {
  /** Texts of a request; default 1000. */
  readonly maxTexts: number
  /** Texts of a request whose answers are explained; default 10. */
  readonly maxExplained: number
  /** UTF-16 code units of a text; default 2000. */
  readonly maxTextLength: number
  /** Bytes of a request's body; default 1 MiB. */
  readonly maxBodyBytes: number
  /** Texts of all requests that wait for their answer; more are refused. Default 8192. */
  readonly maxWaiting: number
  /** Seconds for a request to arrive, and for its answer to be computed; default 30. */
  readonly timeout: number
}

const DEFAULTS: Limits = {
  maxTexts: 1000,
  maxExplained: 10,
  maxTextLength: 2000,
  maxBodyBytes: 2 ** 20,
  maxWaiting: 8192,
  timeout: 30,
}

/** Limits of which some may be left out. */
export type GivenLimits = { readonly [Name in keyof Limits]?: Limits[Name] | undefined }

/**
 * The given limits, with defaults.
 *
 * @throws KicError `server/option`
 */
export const limitsOf = (given: GivenLimits): Limits => {
  const limits = {
    maxTexts: checkedLimit('maxTexts', given.maxTexts),
    maxExplained: checkedLimit('maxExplained', given.maxExplained),
    maxTextLength: checkedLimit('maxTextLength', given.maxTextLength),
    maxBodyBytes: checkedLimit('maxBodyBytes', given.maxBodyBytes),
    maxWaiting: checkedLimit('maxWaiting', given.maxWaiting),
    timeout: checkedSeconds('timeout', given.timeout ?? DEFAULTS.timeout),
  }
  if (limits.maxWaiting >= limits.maxTexts) return limits
  throw badOption(
    `maxWaiting must be at least maxTexts, or the largest requests are never accepted, received ${limits.maxWaiting} and ` +
      `${limits.maxTexts}. Raise it.`,
  )
}

const checkedLimit = (name: Exclude<keyof Limits, 'timeout'>, value = DEFAULTS[name]): number => {
  if (Number.isSafeInteger(value) && value >= 1) return value
  throw badOption(`${name} must be an integer of at least 1, received ${value}. Correct it.`)
}

/** Timers of Node.js count milliseconds in 31 bits. */
const MOST_SECONDS = 86_400

/** @throws KicError `server/option` */
export const checkedSeconds = (name: string, value: number, least = 0.001): number => {
  if (value >= least && value <= MOST_SECONDS) return value
  throw badOption(`${name} must be from ${least} to ${MOST_SECONDS} seconds, received ${value}. Correct it.`)
}

export const badOption = (rule: string): KicError =>
  new KicError<ServerErrorCode>('server/option', `startServer: ${rule}`)
