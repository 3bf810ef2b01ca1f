import type { Tensor } from '../../tensor.ts'
import type { KernelCase, Variant } from './kernel-case.ts'

export type Move = (x: Tensor) => Tensor | Tensor[]

/** Cases that move elements, for floats, whose gradients are compared, and for integers and booleans. */
export const moves = (
  name: string,
  kernels: readonly string[],
  variants: readonly (readonly [shape: number[], move: Move, by?: number[]])[],
): KernelCase => ({
  name,
  kernels,
  variants: (draw) =>
    variants.flatMap(([shape, apply, by], i): Variant[] => [
      { inputs: [draw.floats(shape)], apply, by },
      ...(i < 2
        ? [
            { inputs: [draw.ints(shape, -9, 9)], apply },
            { inputs: [draw.bools(shape)], apply },
          ]
        : []),
    ]),
})
