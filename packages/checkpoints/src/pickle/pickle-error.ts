import { KicError } from '@kic/core'
import type { CheckpointsErrorCode } from '../error-code.ts'

/** A pickle that was refused; nothing of it was run. */
export const refused = (rule: 'global' | 'opcode' | 'damaged' | 'limit', what: string): KicError =>
  new KicError<CheckpointsErrorCode>(`checkpoints/pickle-${rule}`, `readPickle: ${what}`)
