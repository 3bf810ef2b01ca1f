import type { BestMetric } from '@kic/trainer'
import { classifierError } from '../classifier-error.ts'
import { isMetric, METRICS } from '../fit/validation-metrics.ts'

/**
 * Checks how trials are made and ranked, before any is trained.
 *
 * @throws KicError `classifier/space`, `classifier/metric`
 */
export const checkRanking = ({
  trials,
  strategy,
  metric: { metric, mode },
}: {
  readonly trials: number
  readonly strategy: string
  readonly metric: BestMetric
}): void => {
  if (!(Number.isInteger(trials) && trials >= 1)) {
    throw classifierError(
      'classifier/space',
      `search: trials must be an integer of at least 1, received ${trials}. Start with 9.`,
    )
  }
  if (strategy !== 'halving' && strategy !== 'random') {
    throw classifierError(
      'classifier/space',
      `search: strategy must be halving or random, received ${strategy}. Choose one of them.`,
    )
  }
  if (!isMetric(metric) || (mode !== 'max' && mode !== 'min')) {
    throw classifierError(
      'classifier/metric',
      `search: the metric must be one of ${METRICS.join(', ')}, with the mode max or min, received ${metric} and ${mode}. ` +
        'Choose one of them.',
    )
  }
}
