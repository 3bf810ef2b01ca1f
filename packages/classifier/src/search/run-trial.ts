import { isKicError, KicError } from '@kic/core'
import type { Task } from '../rows/split-task.ts'
import type { ClassifierConfig } from '../train/classifier-config.ts'
import { type FitTaskOptions, fitTask } from '../train/fit-task.ts'
import type { TrialScore } from './trial.ts'

/** Faults of values, not of the search: a trial with them has failed. */
const FAILURES: ReadonlySet<string> = new Set(['roberta/config', 'trainer/non-finite'])

/**
 * Trains with a trial's config for so many epochs, and scores it on the validation rows.
 *
 * @throws KicError `classifier/metric` for a metric that there is not, and as `fitTask`
 */
export const runTrial = async (
  metric: string,
  task: Task,
  config: ClassifierConfig,
  options: Omit<FitTaskOptions, 'task' | 'config'>,
): Promise<TrialScore> => {
  try {
    const { metrics } = await fitTask({ ...options, task, config })
    const score = metrics[metric]
    if (score !== undefined) return { epochs: config.epochs, score: Number.isFinite(score) ? score : null }
    throw new KicError(
      'classifier/metric',
      `search: the metric must be one of ${Object.keys(metrics).join(', ')}, received ${metric}. Choose one of them.`,
    )
  } catch (error) {
    if (!isKicError(error) || !FAILURES.has(error.code)) throw error
    return { epochs: config.epochs, score: null, failure: error.message }
  }
}

/** A config with a share of its epochs and steps. */
export const shortened = (config: ClassifierConfig, share: number): ClassifierConfig => {
  const part = (count: number): number => Math.max(1, Math.round(share * count))
  const { epochs, maxSteps } = config
  return { ...config, epochs: part(epochs), ...(maxSteps !== undefined && { maxSteps: part(maxSteps) }) }
}
