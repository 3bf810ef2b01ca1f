import type { TensorTypes } from '../host-tensor.ts'
import type { InputSpec } from '../record/record.ts'

/** Input specifications of tensors under a prefix. */
export const inputSpecs = (prefix: string, tensors: TensorTypes): InputSpec[] =>
  Object.entries(tensors).map(([name, { dtype, shape }]) => ({ name: prefix + name, dtype, shape }))

/** Entries of `from` under their names without the prefix. */
export const unprefixed = <T>(
  prefix: string,
  names: readonly string[],
  from: Readonly<Record<string, T>>,
): Record<string, T> => {
  const result: Record<string, T> = {}
  for (const name of names) {
    const value = from[prefix + name]
    if (value !== undefined) result[name] = value
  }
  return result
}

/** The same entries under a prefix. */
export const prefixed = <T>(prefix: string, tensors: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [prefix + name, tensor]))
