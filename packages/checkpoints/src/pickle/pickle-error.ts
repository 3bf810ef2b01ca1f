import { KicError } from '@kic/core'

/** A pickle that was refused; nothing of it was run. */
export const refused = (rule: 'global' | 'opcode' | 'damaged' | 'limit', what: string): KicError =>
  new KicError(`checkpoints/pickle-${rule}`, `readPickle: ${what}`)
