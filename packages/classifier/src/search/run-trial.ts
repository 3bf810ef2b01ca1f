import { isKicError } from '@kic/core'
import type { Task } from '../rows/split-task.ts'
import type { ClassifierConfig } from '../train/classifier-config.ts'
import type { FitFromOptions } from '../train/fit-from.ts'
import { fitTask } from '../train/fit-task.ts'
import type { TrialScore } from './trial.ts'

/** Errors caused by a trial's values; the trial fails, and the search continues. */
const FAILURES: ReadonlySet<string> = new Set([
  'classifier/diverged',
  'classifier/loss',
  'roberta/config',
  'roberta/no-head',
  'tokenizer/bad-length',
  'tokenizer/bad-training-option',
  'trainer/batch-options',
  'trainer/non-finite',
])

/**
 * Trains with a trial's config, and scores the model on the validation rows.
 *
 * @throws KicError as `fitTask`, but for errors that a trial's values cause
 */
export const runTrial = async (
  metric: string,
  task: Task,
  config: ClassifierConfig,
  options: Omit<FitFromOptions, 'task' | 'config'>,
): Promise<TrialScore> => {
  const { epochs, maxSteps } = config
  try {
    const { metrics } = await fitTask({ ...options, task, config })
    const score = metrics[metric] ?? Number.NaN
    return { epochs, maxSteps, score: Number.isFinite(score) ? score : null }
  } catch (error) {
    if (!isKicError(error) || !FAILURES.has(error.code)) throw error
    return { epochs, maxSteps, score: null, failure: error.message }
  }
}

/** A config with a share of its epochs and steps. */
export const shortened = (config: ClassifierConfig, share: number): ClassifierConfig => {
  const part = (count: number): number => Math.max(1, Math.round(share * count))
  const { epochs, maxSteps } = config
  return { ...config, epochs: part(epochs), ...(maxSteps !== undefined && { maxSteps: part(maxSteps) }) }
}

/** The length of a training, in a file's name. */
export const lengthOf = ({ epochs, maxSteps }: Pick<ClassifierConfig, 'epochs' | 'maxSteps'>): string =>
  maxSteps === undefined ? `${epochs}-epochs` : `${epochs}-epochs-${maxSteps}-steps`
