import { KicError } from '@kic/core'
import type { StepResult } from '@kic/engine'
import type { MicroBatch } from './batches/batch-source.ts'

/** How many row numbers an error lists. */
const LISTED_ROWS = 64

/**
 * Throws when loss or gradient are not finite.
 *
 * @param step the update's number, from 1
 * @throws KicError `trainer/non-finite` naming step, rows and the last good checkpoint.
 */
export const checkFinite = (
  { loss, gradNorm, outputs }: StepResult,
  step: number,
  microBatches: readonly MicroBatch[],
  lastCheckpoint: string | undefined,
  rowName: (row: number) => string = String,
): void => {
  if (Number.isFinite(loss) && Number.isFinite(gradNorm)) return
  const guilty = microBatches.filter((_, i) => !Number.isFinite(outputs[i]?.loss?.data[0] ?? 0))
  const rows = (guilty.length > 0 ? guilty : microBatches).flatMap((batch) => Array.from(batch.rows))
  const listed = rows.slice(0, LISTED_ROWS).map(rowName).join(', ') + (rows.length > LISTED_ROWS ? ', …' : '')
  throw new KicError(
    'trainer/non-finite',
    `train: step ${step} gave loss ${loss} and gradient norm ${gradNorm}, on the ${rows.length} rows ${listed}. ` +
      `Last good checkpoint: ${lastCheckpoint ?? 'none'}. Look at these rows, lower the learning rate, or clip with ` +
      'maxGradNorm; then resume.',
  )
}
