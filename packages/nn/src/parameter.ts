import { KicError } from '@kic/core'
import type { Tensor, Tensors } from '@kic/engine'
import type { NnErrorCode } from './error-code.ts'

/**
 * The parameter of this name.
 *
 * @throws KicError `nn/missing-parameter` if there is none
 */
export const parameter = (params: Tensors, name: string): Tensor => {
  const found = params[name]
  if (found !== undefined) return found
  const names = Object.keys(params)
  throw new KicError<NnErrorCode>(
    'nn/missing-parameter',
    `parameter: every parameter must be given, received ${names.length} (${names.slice(0, 3).join(', ')}${
      names.length > 3 ? ', …' : ''
    }) without '${name}'. Place every parameter of the model under its Hugging Face name, with the model's prefix.`,
  )
}
