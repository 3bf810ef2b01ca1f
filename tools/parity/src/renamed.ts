import type { HostTensors } from '@kic/safetensors'

/** The same tensors under other names. */
export const renamed = (tensors: HostTensors, rename: (name: string) => string): HostTensors =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [rename(name), tensor]))
