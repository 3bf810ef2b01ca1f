import { KicError } from '@kic/core'
import type { EngineErrorCode } from '../error-code.ts'

/** The error for a profile that begins while its engine runs another one: each would count the work of both. */
export const nestedProfile = (): KicError =>
  new KicError<EngineErrorCode>(
    'engine/nested-profile',
    'profile: an engine must run one profile at a time, received a second call. Await the first one.',
  )
