import { bytesOf, describeTensor, encodeHeader } from './encode-header.ts'
import type { HostTensors } from './host-tensor.ts'

/**
 * A safetensors file in pieces: the header, then a view of each tensor's own memory, so that nothing is copied.
 *
 * Tensors keep their order, apart from booleans, which come last so that all others stay aligned.
 *
 * @throws KicError `nn/safetensors-name`, `nn/tensor-size` before the first piece.
 */
export const encodeSafetensors = (
  tensors: HostTensors,
  metadata: Readonly<Record<string, string>> = {},
): readonly Uint8Array[] => {
  const described = Object.entries(tensors).map(
    ([name, tensor]) => [describeTensor(name, tensor), tensor] as const,
  )
  const ordered = [
    ...described.filter(([, { dtype }]) => dtype !== 'bool'),
    ...described.filter(([, { dtype }]) => dtype === 'bool'),
  ]
  return [
    encodeHeader(
      ordered.map(([description]) => description),
      metadata,
    ),
    ...ordered.map(([, tensor]) => bytesOf(tensor)),
  ]
}
