import type { GoldenCase } from '@kic/nn/testing'
import type { HostTensors } from '@kic/safetensors'

/** The inputs whose names begin with the prefix, named without it. */
export const goldenInputs = (golden: GoldenCase, prefix = ''): HostTensors => {
  const names = new Set(golden.tensors.filter(({ role }) => role === 'input').map(({ name }) => name))
  return Object.fromEntries(
    Object.entries(golden.values)
      .filter(([name]) => names.has(name) && name.startsWith(prefix))
      .map(([name, tensor]) => [name.slice(prefix.length), tensor]),
  )
}
