import { KicError } from '@kic/core'

/** The error of an engine that is handed parameters which another one placed. */
export const foreignParams = (caller: string): KicError =>
  new KicError(
    'engine/foreign-params',
    `${caller}: these parameters were placed by another engine; place them with this one`,
  )
