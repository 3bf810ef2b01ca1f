import { KicError } from '@kic/core'
import type { EngineErrorCode } from './error-code.ts'

/** The error for parameters that another engine placed. */
export const foreignParams = (caller: string): KicError =>
  new KicError<EngineErrorCode>(
    'engine/foreign-params',
    `${caller}: parameters must be placed by this engine, received those of another one. Place them with this engine.`,
  )
