import type { LossName } from '@kic/classifier'
import type { Reading } from './reading.ts'

/** What a row of the table trains on, reads and minimises. Rows with equal settings share what they have in common. */
export interface Settings {
  readonly reading: Reading
  /** Default: cross-entropy. */
  readonly loss?: LossName | undefined
  readonly labelSmoothing?: number | undefined
  /** Generated rows to train on beside those of the data; default 0. */
  readonly mixGenerated?: number | undefined
}
