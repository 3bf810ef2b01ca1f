import { KicError } from '@kic/core'
import type { StepResult } from '@kic/engine'
import type { MicroBatch } from './batches/batch-source.ts'
import type { TrainerErrorCode } from './error-code.ts'

/** Number of rows that an error lists. */
const LISTED_ROWS = 64

/**
 * Throws if the loss or the gradient is not finite.
 *
 * @param step the number of the update, from 1
 * @throws KicError `trainer/non-finite` with the step, the rows and the last good checkpoint
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
  throw new KicError<TrainerErrorCode>(
    'trainer/non-finite',
    `train: loss and gradient must be finite, received loss ${loss} and gradient norm ${gradNorm} at step ${step}, on the ${rows.length} rows ${listed}. ` +
      `Last good checkpoint: ${lastCheckpoint ?? 'none'}. Look at these rows, lower the learning rate, or clip with ` +
      'maxGradNorm; then resume.',
  )
}
