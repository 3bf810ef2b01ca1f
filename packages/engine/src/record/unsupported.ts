import { KicError } from '@kic/core'
import type { EngineErrorCode } from '../error-code.ts'
import { callingLine } from './calling-line.ts'

/**
 * The error for a kernel call that no ONNX operator expresses.
 *
 * @param reason the part of the call that cannot be recorded, and the alternative
 */
export const unsupported = (kernel: string, reason: string): KicError => {
  const line = callingLine(new Error(kernel))
  return new KicError<EngineErrorCode>(
    'engine/unsupported',
    `record: ${kernel} cannot be recorded: ${reason} (called at ${line}).`,
  )
}
