import { KicError } from '@kic/core'
import type { EvaluationRecord } from './checkpoints/checkpoint.ts'
import type { TrainerErrorCode } from './error-code.ts'
import type { BestMetric } from './train-options.ts'

/**
 * Value of the deciding metric.
 *
 * @throws KicError `trainer/unknown-metric` if the evaluation has no such metric
 */
export const decidingValue = ({ metric }: BestMetric, { metrics }: EvaluationRecord): number => {
  const value = metrics[metric]
  if (value !== undefined) return value
  throw new KicError<TrainerErrorCode>(
    'trainer/unknown-metric',
    `train: evaluate.best must be a metric of the evaluation (${Object.keys(metrics).join(', ') || 'none'}), received "${metric}". Correct its name.`,
  )
}

/** Whether `value` beats `previous` by at least `minDelta`. NaN beats nothing. */
export const isBetter = (
  mode: BestMetric['mode'],
  value: number,
  previous: number | null,
  minDelta = 0,
): boolean => {
  if (Number.isNaN(value)) return false
  if (previous === null) return true
  const gain = mode === 'max' ? value - previous : previous - value
  return gain > 0 && gain >= minDelta
}
