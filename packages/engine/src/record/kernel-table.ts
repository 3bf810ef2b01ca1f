import { elementwise } from './kernels/elementwise.ts'
import { fused } from './kernels/fused.ts'
import { indexing } from './kernels/indexing.ts'
import { matrixProducts } from './kernels/matmul.ts'
import { reductions } from './kernels/reduction.ts'
import { shapes } from './kernels/shape.ts'
import type { TranslationTable } from './translation.ts'

/** Every kernel that can be recorded. */
export const kernelTable: TranslationTable = {
  ...elementwise,
  ...reductions,
  ...shapes,
  ...matrixProducts,
  ...indexing,
  ...fused,
}
