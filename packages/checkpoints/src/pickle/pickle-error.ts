import { KicError } from '@kic/core'
import type { CheckpointsErrorCode } from '../error-code.ts'

/** The error for a refused pickle; none of it was run. */
export const refused = (rule: 'global' | 'opcode' | 'damaged' | 'limit', what: string): KicError =>
  new KicError<CheckpointsErrorCode>(`checkpoints/pickle-${rule}`, `readPickle: ${what}`)
