import type { HostTensor, HostTensors } from '@kic/safetensors'

/** The same tensors; copies the chosen ones (default: all). */
export const copyTensors = (
  tensors: HostTensors,
  chosen: (name: string) => boolean = () => true,
): HostTensors =>
  Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]): [string, HostTensor] => [
      name,
      chosen(name) ? { ...tensor, data: tensor.data.slice() } : tensor,
    ]),
  )
