import type { ParityCase } from '../parity-case.ts'
import { accuracy } from './accuracy-loss.ts'
import { bilstm } from './bilstm.ts'
import { encoder } from './encoder.ts'
import { fusion } from './hierarchical-fusion.ts'
import { maskedLm } from './masked-lm.ts'
import { optimizer } from './optimizer.ts'
import { sequenceClassification } from './sequence-classification.ts'
import { sharded } from './sharded.ts'
import { torchBin } from './torch-bin.ts'

/** Every case that is covered. A new one is a file beside this and a line here. */
export const parityCases: readonly ParityCase[] = [
  encoder,
  sequenceClassification,
  maskedLm,
  fusion,
  bilstm,
  accuracy,
  optimizer,
  torchBin,
  sharded,
]
