import { KicError } from '@kic/core'
import type { HostTensors } from '@kic/safetensors'
import type { EngineErrorCode } from '../error-code.ts'

/**
 * A moment of a saved state, `<parameter>.m` or `<parameter>.v`.
 *
 * @throws KicError `engine/optimizer-state` unless it has `length` elements
 */
export const restoredMoment = (moments: HostTensors, name: string, length: number): Float32Array => {
  const data = moments[name]?.data
  if (!(data instanceof Float32Array) || data.length !== length) {
    throw new KicError<EngineErrorCode>(
      'engine/optimizer-state',
      `restore: the state must have a moment "${name}" of ${length} elements, received ${moments[name]?.data.length ?? 'none'}. ` +
        'Restore the state of the same model.',
    )
  }
  return data
}
