import type { ParityCase } from '../parity-case.ts'
import { encoder } from './encoder.ts'
import { maskedLm } from './masked-lm.ts'
import { optimizer } from './optimizer.ts'
import { sequenceClassification } from './sequence-classification.ts'

/** Every case that is covered. A new one is a file beside this and a line here. */
export const parityCases: readonly ParityCase[] = [encoder, sequenceClassification, maskedLm, optimizer]
