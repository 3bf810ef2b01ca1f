import type { KernelAttributes } from '../record/translation.ts'
import type { Tensor } from '../tensor.ts'

/** A kernel composed of other operations. */
export type ComposedKernel = (call: {
  readonly kernel: string
  readonly input: (name: string) => Tensor
  readonly attributes: KernelAttributes
}) => Tensor
