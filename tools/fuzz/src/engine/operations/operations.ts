import type { Operation } from '../pool.ts'
import { binary } from './binary.ts'
import { creations } from './creation.ts'
import { imageOperations } from './image.ts'
import { indexing } from './indexing.ts'
import { matrices } from './matrix.ts'
import { reductions } from './reduction.ts'
import { shapes } from './shape.ts'
import { unary } from './unary.ts'

/** Everything that a program may do. */
export const operations: readonly Operation[] = [
  ...unary,
  ...binary,
  ...reductions,
  ...shapes,
  ...creations,
  ...matrices,
  ...indexing,
  ...imageOperations,
]
