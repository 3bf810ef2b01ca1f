import type { HostTensors } from '@kic/safetensors'
import { DEFAULT_PREFIX, type PrefixOptions } from './parameters.ts'

/** A model's encoder without its head, from which another head's training starts. The arrays are not copied. */
export const encoderTensors = (
  params: HostTensors,
  { prefix = DEFAULT_PREFIX }: PrefixOptions = {},
): HostTensors => Object.fromEntries(Object.entries(params).filter(([name]) => name.startsWith(prefix)))
