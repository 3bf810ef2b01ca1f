import { activations } from './kernels/activation.ts'
import { binary } from './kernels/binary.ts'
import { convolutions } from './kernels/convolution.ts'
import { creation } from './kernels/creation.ts'
import { cumulative } from './kernels/cumulative.ts'
import { fused } from './kernels/fused.ts'
import { gathers } from './kernels/gather.ts'
import { matrixProducts } from './kernels/matmul.ts'
import { normalizations } from './kernels/normalization.ts'
import { poolings } from './kernels/pooling.ts'
import { reductions } from './kernels/reduction.ts'
import { scatters } from './kernels/scatter.ts'
import { shapes } from './kernels/shape.ts'
import { slices } from './kernels/slice.ts'
import { unary } from './kernels/unary.ts'
import type { TranslationTable } from './translation.ts'

/** Every kernel that can be recorded. */
export const kernelTable: TranslationTable = {
  ...unary,
  ...activations,
  ...binary,
  ...reductions,
  ...cumulative,
  ...creation,
  ...shapes,
  ...slices,
  ...matrixProducts,
  ...gathers,
  ...scatters,
  ...convolutions,
  ...poolings,
  ...normalizations,
  ...fused,
}
