import { KicError } from '@kic/core'
import type { EngineErrorCode } from '../error-code.ts'
import { callingLine } from './calling-line.ts'

/**
 * A kernel call that no ONNX operator expresses.
 *
 * @param reason what about the call cannot be recorded, and what to write instead.
 */
export const unsupported = (kernel: string, reason: string): KicError => {
  const line = callingLine(new Error(kernel))
  return new KicError<EngineErrorCode>(
    'engine/unsupported',
    `record: ${kernel} cannot be recorded: ${reason} (called at ${line})`,
  )
}
