import { KicError } from '@kic/core'
import type { EvaluationRecord } from './checkpoints/checkpoint.ts'
import type { BestMetric } from './train-options.ts'

/**
 * Value of the metric that decides.
 *
 * @throws KicError `trainer/unknown-metric` when the evaluation has no such metric.
 */
export const decidingValue = ({ metric }: BestMetric, { metrics }: EvaluationRecord): number => {
  const value = metrics[metric]
  if (value !== undefined) return value
  throw new KicError(
    'trainer/unknown-metric',
    `train: evaluate.best asks for "${metric}", the evaluation gave ${Object.keys(metrics).join(', ') || 'nothing'}`,
  )
}

/** Whether `value` beats `previous` by at least `minDelta`. A value that is not a number beats nothing. */
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
